#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| (hanami_hostile::target("checkpoint").run)(bytes));
