//! Compiles the websocket frames without needing `protoc`.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=proto/hanami.proto");
    let descriptors = protox::compile(["proto/hanami.proto"], ["proto"])?;
    prost_build::Config::new().bytes(["FileUpload_Message.data"]).compile_fds(descriptors)?;
    Ok(())
}
