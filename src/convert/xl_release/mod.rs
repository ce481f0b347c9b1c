//! XL Release's side of a conversion: its templates read as Kestra flows, and written from them.

pub mod from_kestra;
mod to_kestra;
