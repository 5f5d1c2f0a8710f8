//! The project's README shows a template: it has to be one.

use hanami_network::Network;
use hanami_network::template::Template;

#[test]
fn the_template_in_the_readme_makes_a_network() {
    let readme = include_str!("../../../README.md");
    let mut blocks = readme.split("```");
    let text = blocks.find(|block| block.starts_with("text\nversion:")).unwrap();
    let template = Template::parse(text.strip_prefix("text\n").unwrap()).unwrap();
    let network = Network::new(&template).unwrap();
    assert_eq!((network.input_width(), network.output_width()), (784, 10));
    assert_eq!((template.settings.experience, template.settings.seed), (4000, 1));
}
