pub fn all() -> Vec<(String, Vec<String>)> {
    Vec::new()
}
