#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| (hanami_hostile::target("frames").run)(bytes));
