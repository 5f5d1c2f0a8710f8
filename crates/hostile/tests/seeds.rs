//! The first cases of each target: `UPDATE_CORPUS=1` makes those anew that are listed here. Others in
//! the same folders are cases that once were findings; snapshots are made by `crates/network`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use hanami_hostile::{PLANTED, TARGETS, Target, file, pair, signed};
use hanami_network::Network;
use hanami_network::template::Template;
use hanami_server::Policy;
use hanami_store::Journal;

const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/seeds");
/// Bounds of a folder: a small corpus is a fast one.
const MOST_FILES: usize = 100;
const MOST_BYTES: u64 = 200_000;

type Seeds = Vec<(&'static str, Vec<u8>)>;

const SMALL: &str = "version: 1
bricks:
    1,1,1
        input: a
        number_of_neurons: 3
    2,1,1
        output: b
        number_of_neurons: 2
";

const LARGE: &str = "version: 1
settings:   # all of them
    neuron_cooldown: 2.5
    refractory_time: 2
    max_connection_distance: 2
    enable_reduction: true
    experience: 100
    seed: 7
    inner_learning_rate: 0.5
    output_learning_rate: 2
    error_threshold: 0.1
    averaging_window: 1000
    growth_patience: 5
bricks:
    1,1,1
        input: first input
        number_of_neurons: 5
    1,2,1
        input: second
        number_of_neurons: 1
    2,1,1
        number_of_neurons: 100
    3,1,1
        output: classes
        kind: class
        number_of_neurons: 3
    2,2,1
        output: numbers
        kind: value
        number_of_neurons: 1
";

fn templates() -> Seeds {
    vec![
        ("small", SMALL.into()),
        ("large", LARGE.into()),
        ("lines", SMALL.replace('\n', "\r\n").into_bytes()),
        ("mistake", SMALL.replace("output", "outptu").into_bytes()),
    ]
}

fn idx_file(sizes: &[u32], values: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, sizes.len() as u8];
    bytes.extend(sizes.iter().flat_map(|size| size.to_be_bytes()));
    bytes.extend(values);
    bytes
}

fn images_and_labels() -> Seeds {
    let pixels: Vec<u8> = (0..12).map(|pixel| pixel * 20).collect();
    let images = idx_file(&[3, 2, 2], &pixels);
    vec![
        ("three", pair(&images, &idx_file(&[3], &[1, 9, 0]))),
        ("classes", pair(&images, &idx_file(&[3], &[255, 9, 0]))),
        ("wide", pair(&idx_file(&[1, 1, 12], &pixels), &idx_file(&[1], &[2]))),
        ("count", pair(&images, &idx_file(&[2], &[1, 9]))),
    ]
}

fn tables() -> Seeds {
    let cells = ["1", "-2.5e3", "", "true", "\"a, b\"", "null", "x"];
    let mixed: String = cells.map(|cell| format!("{cell},7,z\n")).concat();
    vec![
        ("numbers", b"a,b\n1,2\n3,4\n".into()),
        ("categories", b"size,label\n1,red\n2,\"green \"\"sea\"\"\"\n,blue\n".into()),
        ("mixed", format!("first,\"sec\"\"ond\",third\n{mixed}").into_bytes()),
        ("lines", b"a\r\n1\r\n\r\nnull\r2".into()),
        ("letters", "\u{e9},\u{1f338}\n\u{fc},1e38\n".into()),
    ]
}

fn frames() -> Seeds {
    use hanami_api::frames::{
        ClusterIoMessage, ClusterProcessType, FileUploadMessage, FileUploadResponseMessage, Message,
    };
    let values = |process| {
        let values = vec![1.0, -0.5, f32::NAN];
        ClusterIoMessage::with_values("brick".into(), true, process, values).encode_to_vec()
    };
    let piece = FileUploadMessage { position: 1 << 33, data: b"piece"[..].into() };
    let response =
        FileUploadResponseMessage { success: false, error_message: "no room".to_owned() };
    let hello = r#"{"token": "a.b.c", "target": "cluster",
        "uuid": "6f1f3f0e-5f4e-4a8a-9b52-0d9d7e7a1c11"}"#;
    let kind = |kind: u8, bytes: &[u8]| [&[kind], bytes].concat();
    vec![
        ("request", kind(0, &values(ClusterProcessType::RequestType))),
        ("train", kind(0, &values(ClusterProcessType::TrainType))),
        ("piece", kind(1, &piece.encode_to_vec())),
        ("response", kind(2, &response.encode_to_vec())),
        ("hello", kind(3, hello.as_bytes())),
        ("upload", kind(3, hello.replace("cluster", "file_upload").as_bytes())),
    ]
}

fn networks() -> [(&'static str, &'static str, Network); 2] {
    let networks = [("small", SMALL), ("large", LARGE)];
    networks.map(|(name, text)| {
        let mut network = Network::new(&Template::parse(text).unwrap()).unwrap();
        let mut answer = vec![0.0; network.output_width()];
        for step in 0..30_u8 {
            let input: Vec<f32> =
                (0..network.input_width()).map(|at| f32::from(step % 5) + at as f32).collect();
            let target = vec![f32::from(step % 2); answer.len()];
            network.train(&input, &target, &mut answer).unwrap();
        }
        (name, text, network)
    })
}

fn checkpoints() -> Seeds {
    let file = |(name, text, network): (_, &str, Network)| {
        let snapshot = network.to_bytes();
        let mut file = b"HANAMICP".to_vec();
        file.extend(1_u32.to_le_bytes());
        file.extend((text.len() as u32).to_le_bytes());
        file.extend(network.steps().to_le_bytes());
        file.extend((snapshot.len() as u64).to_le_bytes());
        file.extend(text.as_bytes());
        file.extend(snapshot);
        file.extend(crc32fast::hash(&file).to_le_bytes());
        (name, file)
    };
    networks().into_iter().map(file).collect()
}

fn blobs() -> Seeds {
    let blob = |bytes: &[u8]| {
        let mut blob = b"HNMB".to_vec();
        blob.extend(crc32fast::hash(bytes).to_le_bytes());
        blob.extend((bytes.len() as u64).to_le_bytes());
        blob.extend(bytes);
        blob
    };
    vec![("some", blob(b"what was stored here")), ("empty", blob(b""))]
}

fn journals() -> Seeds {
    let (disk, path) = (file::disk(), Path::new(file::PATH));
    let mut seeds = Vec::new();
    for (name, entries) in
        [("empty", &[][..]), ("two", &[&b"first"[..], b"second"]), ("more", &[b"", b"fourth"])]
    {
        let (journal, _) = Journal::open(&disk, path).unwrap();
        let position = entries.iter().map(|entry| journal.append(entry).unwrap()).max();
        journal.sync_through(position.unwrap_or_default()).unwrap();
        seeds.push((name, file::bytes(&disk)));
    }
    seeds
}

fn policies() -> Seeds {
    let own = "[roles]\nadmin = \"*\"\n[roles.guest]\n\"cluster/all\" = [\"GET\"]\ntask = \"*\"\n";
    vec![("shipped", Policy::SHIPPED.into()), ("own", own.into())]
}

fn tokens() -> Seeds {
    use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
    let part = |json: &str| BASE64_URL_SAFE_NO_PAD.encode(json);
    let claims = r#"{"id":"somebody","made_at":1,"password_version":2,"is_admin":false,"project_id":"p","role":"member","is_project_admin":true,"exp":9999999999}"#;
    let token = |head: &str, claims: &str| signed(&format!("{}.{}", part(head), part(claims)));
    let head = r#"{"typ":"JWT","alg":"HS256"}"#;
    let seeds = vec![
        ("good", token(head, claims)),
        ("over", token(head, &claims.replace("9999999999", "1"))),
        ("unsigned", token(&head.replace("HS256", "none"), claims)),
        ("other", token(&head.replace("HS256", "RS256"), claims)),
    ];
    seeds.into_iter().map(|(name, token)| (name, token.into_bytes())).collect()
}

/// The seeds that are made here.
fn made(target: Target) -> Seeds {
    match target.name {
        "blob" => blobs(),
        "checkpoint" => checkpoints(),
        "csv" => tables(),
        "frames" => frames(),
        "idx" => images_and_labels(),
        "journal" => journals(),
        "planted" => vec![("seed", b"HNMP\x01\x05hello".into())],
        "policy" => policies(),
        "template" => templates(),
        "token" => tokens(),
        _ => Vec::new(),
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn each_target_has_a_few_small_seeds_and_stands_them() {
    for target in TARGETS.into_iter().chain([PLANTED]) {
        let folder = Path::new(SEEDS).join(target.name);
        if std::env::var_os("UPDATE_CORPUS").is_some() {
            fs::create_dir_all(&folder).unwrap();
            for (name, bytes) in made(target) {
                fs::write(folder.join(name), bytes).unwrap();
            }
        }
        let files = files(&folder);
        let bytes: u64 = files.iter().map(|file| file.metadata().unwrap().len()).sum();
        assert!((1..MOST_FILES).contains(&files.len()), "{}", target.name);
        assert!(bytes < MOST_BYTES, "{} has {bytes} bytes", target.name);
        for file in files {
            (target.run)(&fs::read(file).unwrap());
        }
    }
}

#[test]
fn seeds_that_should_be_accepted_are() {
    assert!(Template::parse(SMALL).is_ok() && Template::parse(LARGE).is_ok());
    for (_, file) in checkpoints() {
        hanami_engine::read_checkpoint(file).unwrap();
    }
    for (_, policy) in policies() {
        Policy::parse("a seed", std::str::from_utf8(&policy).unwrap()).unwrap();
    }
    let tokens = tokens();
    let good = std::str::from_utf8(&tokens[0].1).unwrap();
    let lifetime = std::num::NonZeroU32::MIN;
    let reader = hanami_server::Tokens::new(hanami_hostile::SECRET, lifetime);
    assert_eq!(reader.read(good).unwrap().identity.id, "somebody");
}
