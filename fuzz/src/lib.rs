//! The targets of `cargo fuzz`: see `targets.rs`.

#[path = "../../tests/claim_checker/mod.rs"]
mod claim_checker;
#[path = "../targets.rs"]
pub mod targets;

/// Makes a function of `targets.rs` a target.
#[macro_export]
macro_rules! target {
    ($name:ident) => {
        libfuzzer_sys::fuzz_target!(|data: &[u8]| $crate::targets::$name(&String::from_utf8_lossy(data)));
    };
}
