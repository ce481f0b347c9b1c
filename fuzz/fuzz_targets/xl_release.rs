#![no_main]
parallelogram_fuzz::target!(xl_release);
