#![no_main]
parallelogram_fuzz::target!(upgrades);
