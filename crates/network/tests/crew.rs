//! A crew computes what one thread computes, to the last bit, whatever its helpers do.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::sync::Arc;

use common::{Chance, Samples, inner, input, output, three};
use hanami_network::template::{Settings, Template};
use hanami_network::{Crew, Network};

/// Networks of several blocks in which everything goes on that there is.
fn templates() -> Vec<Template> {
    let settings = Settings { experience: 40, growth_patience: 1, ..Settings::default() };
    let spiking = Settings { neuron_cooldown: 1.5, refractory_time: 2, ..settings.clone() };
    vec![
        three(10, 500, 1, settings.clone()),
        three(10, 300, 1, spiking),
        Template {
            settings: Settings { enable_reduction: true, max_connection_distance: 2, ..settings },
            bricks: vec![
                input((1, 1, 1), "a", 4),
                input((1, 2, 1), "b", 6),
                inner((2, 1, 1), 300),
                inner((3, 1, 1), 200),
                output((4, 1, 1), "c", 1),
            ],
        },
        // Outputs of several blocks tell the inner brick what it contributed.
        three(10, 200, 150, Settings { growth_patience: 1, ..Settings::default() }),
    ]
}

fn samples(outputs: usize) -> Samples {
    let mut samples = Samples::friedman(1100, 4);
    for target in &mut samples.targets {
        let class = (target[0].max(0.0) / 30.0 * outputs as f32) as usize;
        if outputs > 1 {
            *target = (0..outputs).map(|other| f32::from(u8::from(other == class))).collect();
        } else {
            target[0] = f32::from(u8::from(target[0] > 14.0));
        }
    }
    samples
}

/// Does `work` while so many threads help the network. They go and come back while it goes on.
fn helped<T>(network: &mut Network, helpers: usize, work: impl FnOnce(&mut Network) -> T) -> T {
    let crew = Arc::new(Crew::default());
    network.set_crew(Some(crew.clone()));
    let done = std::thread::scope(|scope| {
        for _ in 0..helpers {
            scope.spawn(|| {
                while !crew.is_dismissed() {
                    crew.help();
                }
            });
        }
        while crew.helpers() < helpers {
            std::thread::yield_now();
        }
        let done = work(network);
        crew.dismiss();
        done
    });
    network.set_crew(None);
    done
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    for template in templates() {
        let mut alone = Network::new(&template).unwrap();
        let samples = samples(alone.output_width());
        samples.teach(&mut alone, 1);
        let answers = samples.predictions(&mut alone);
        assert!(alone.stats().bricks[0].neurons > 128, "there is something to share");
        for helpers in 0..3 {
            let mut network = Network::new(&template).unwrap();
            let answered = helped(&mut network, helpers, |network| {
                samples.teach(network, 1);
                samples.predictions(network)
            });
            assert!(network.to_bytes() == alone.to_bytes(), "{helpers} helpers");
            assert_eq!(answered, answers, "{helpers} helpers");
        }
    }
}

#[test]
fn numbers_too_are_learned_with_the_same_bytes() {
    let template = three(10, 500, 1, Settings { growth_patience: 1, ..Settings::default() });
    let samples = Samples::friedman(1000, 3);
    let mut alone = Network::new(&template).unwrap();
    samples.teach(&mut alone, 1);
    let mut network = Network::new(&template).unwrap();
    helped(&mut network, 1, |network| samples.teach(network, 1));
    assert!(network.to_bytes() == alone.to_bytes());
}

#[test]
fn crews_may_change_between_steps() {
    let template = &templates()[2];
    let samples = samples(1);
    let mut alone = Network::new(template).unwrap();
    samples.teach(&mut alone, 1);
    let mut network = Network::new(template).unwrap();
    let mut chance = Chance::new(5);
    let mut prediction = [0.0];
    let pairs: Vec<_> = samples.inputs.iter().zip(&samples.targets).collect();
    for pairs in pairs.chunks(50) {
        let helpers = chance.below(3);
        helped(&mut network, helpers, |network| {
            for (input, target) in pairs {
                network.train(input, target, &mut prediction).unwrap();
            }
        });
    }
    assert!(network.to_bytes() == alone.to_bytes());
}

#[test]
fn two_networks_may_share_a_crew_by_mistake() {
    let template = &templates()[0];
    let samples = samples(1);
    let mut alone = Network::new(template).unwrap();
    samples.teach(&mut alone, 1);
    let crew = Arc::new(Crew::default());
    let taught = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !crew.is_dismissed() {
                crew.help();
            }
        });
        let teach = || {
            let mut network = Network::new(template).unwrap();
            network.set_crew(Some(crew.clone()));
            samples.teach(&mut network, 1);
            network.to_bytes()
        };
        let both = [scope.spawn(teach), scope.spawn(teach)].map(|thread| thread.join().unwrap());
        crew.dismiss();
        both
    });
    assert!(taught.iter().all(|bytes| *bytes == alone.to_bytes()));
}

#[test]
fn a_helper_without_work_goes_and_one_that_comes_too_late_as_well() {
    let crew = Crew::default();
    crew.help();
    assert_eq!(crew.helpers(), 0);
    crew.dismiss();
    crew.help();
}
