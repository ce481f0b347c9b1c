//! Where a server is: the addresses of its API and of its pages.

use parallelogram::encoding::push_percent_encoded;
use ureq::http::Uri;

/// The address of a server, without a slash at its end, and the tenant there.
#[derive(Clone)]
pub struct Address {
    /// Scheme, host, port and path: `http://localhost:8080`. It holds no password.
    base: String,
    host: String,
    /// `None` for a version without tenants.
    tenant: Option<String>,
}

impl Address {
    /// Reads an address that a person gave. What stands behind the path of a page or of the API is dropped.
    ///
    /// # Errors
    /// A sentence, which repeats nothing that could be a password.
    pub fn read(text: &str) -> Result<Self, String> {
        if text.contains('@') {
            return Err("--server holds a user or a password, which others can see there: give the user as `--user`, and the password in \
                KESTRA_PASSWORD or when it is asked for"
                .to_owned());
        }
        if text.contains(['?', '#']) {
            return Err(
                "--server ends with a `?` or a `#`, and may hold a secret behind it: give the address up to the host and port".to_owned()
            );
        }
        let uri: Option<Uri> = text.parse().ok();
        let parts = uri.as_ref().and_then(|uri| Some((uri.scheme_str()?, uri.authority()?, uri.host()?, uri.path())));
        let Some((scheme @ ("http" | "https"), authority, host, path)) = parts else {
            return Err("--server is no address: write it as `http://localhost:8080` or `https://kestra.example.org`".to_owned());
        };
        let end = ["/ui/", "/api/"].iter().filter_map(|part| format!("{path}/").find(part)).min().unwrap_or(path.len());
        let path = path.get(..end).unwrap_or_default().trim_end_matches('/');
        Ok(Self { base: format!("{scheme}://{authority}{path}"), host: host.to_owned(), tenant: None })
    }

    /// The same server, with a tenant.
    #[must_use]
    pub fn with_tenant(self, tenant: Option<String>) -> Self {
        Self { tenant, ..self }
    }

    /// Whether what is sent there can be read on the way.
    pub fn is_open(&self) -> bool {
        let is_here = self.host == "localhost" || self.host.starts_with("127.") || self.host == "[::1]";
        self.base.starts_with("http:") && !is_here
    }

    /// The address of a part of the API that has no tenant.
    pub fn common(&self, path: &[&str]) -> String {
        format!("{}/api/v1{}", self.base, joined(path))
    }

    /// The address of a part of the API.
    pub fn api(&self, path: &[&str]) -> String {
        format!("{}/api/v1{}{}", self.base, joined(self.tenant.as_slice()), joined(path))
    }

    /// The address of a page for people.
    pub fn page(&self, path: &[&str]) -> String {
        format!("{}/ui{}{}", self.base, joined(self.tenant.as_slice()), joined(path))
    }

    pub fn tenant(&self) -> Option<&str> {
        self.tenant.as_deref()
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.base)
    }
}

fn joined(path: &[impl AsRef<str>]) -> String {
    let mut out = String::new();
    for part in path {
        out.push('/');
        push_percent_encoded(part.as_ref(), b"-._~", &mut out);
    }
    out
}

/// Names and values behind the `?` of an address.
pub fn query(pairs: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (name, value) in pairs {
        out.push(if out.is_empty() { '?' } else { '&' });
        push_percent_encoded(name, b"-._~", &mut out);
        out.push('=');
        push_percent_encoded(value, b"-._~", &mut out);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn an_address_is_read_as_people_copy_it() {
        let base = |text: &str| Address::read(text).map_or_else(|why| why, |address| address.to_string());
        assert_eq!(base("http://localhost:8080"), "http://localhost:8080");
        assert_eq!(base("http://localhost:8080/"), "http://localhost:8080");
        assert_eq!(base("https://example.org/kestra/ui/main/flows"), "https://example.org/kestra");
        assert_eq!(base("https://example.org/ui"), "https://example.org");
        assert_eq!(base("https://example.org/kestra/api/v1/"), "https://example.org/kestra");
        for wrong in ["localhost:8080", "ftp://example.org", "", "http://", "http://a b"] {
            assert!(base(wrong).starts_with("--server is no address"), "{wrong}");
        }
    }

    #[test]
    fn an_address_with_a_secret_is_refused_without_repeating_it() {
        for wrong in ["http://me:s3cret@localhost", "http://s3cret@localhost", "me:s3cret@localhost", "http://localhost/?token=s3cret"] {
            let why = Address::read(wrong).err().expect("it is refused");
            assert!(!why.contains("s3cret"), "{why}");
        }
    }

    #[test]
    fn parts_of_a_path_are_encoded() {
        let address = Address::read("http://localhost:8080").expect("it is one").with_tenant(Some("main".to_owned()));
        assert_eq!(address.api(&["flows", "a/b", "c d"]), "http://localhost:8080/api/v1/main/flows/a%2Fb/c%20d");
        assert_eq!(super::query(&[("filters[kind][EQUALS]", "LOOP"), ("page", "1")]), "?filters%5Bkind%5D%5BEQUALS%5D=LOOP&page=1");
    }

    #[test]
    fn a_password_over_plain_http_is_noticed_beyond_this_machine() {
        let is_open = |text: &str| Address::read(text).expect("it is one").is_open();
        assert!(is_open("http://kestra.example.org"));
        assert!(!is_open("https://kestra.example.org") && !is_open("http://localhost:8080") && !is_open("http://[::1]:8080"));
    }
}
