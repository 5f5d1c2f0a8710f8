//! Templates as users write them.

use hanami_network::Network;
use hanami_network::template::Template;

/// What is read is printed, and read again, the same; a network can be made of it.
pub(crate) fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(accepted) = Template::parse_accepted(text) {
        let again = Template::parse_accepted(&accepted.to_string());
        assert!(again.as_ref() == Ok(&accepted), "{accepted}");
    }
    match Template::parse(text) {
        Ok(template) => {
            assert!(Template::parse(&template.to_string()).as_ref() == Ok(&template), "{template}");
            let network = Network::new(&template).expect("what was read can be built");
            assert!(network.template() == &template, "of the same template");
        }
        Err(error) => assert!(!error.to_string().is_empty(), "a mistake is told"),
    }
}
