//! Inputs as Kestra takes them: `multipart/form-data` (RFC 7578), a part for each, which has the id of the input as its name.

/// A form under way.
#[derive(Default)]
pub struct Form {
    parts: Vec<Part>,
}

struct Part {
    name: String,
    file: Option<String>,
    content: Vec<u8>,
}

impl Form {
    pub fn text(&mut self, name: &str, value: &str) {
        self.parts.push(Part { name: name.to_owned(), file: None, content: value.as_bytes().to_vec() });
    }

    pub fn file(&mut self, name: &str, file: &str, content: Vec<u8>) {
        self.parts.push(Part { name: name.to_owned(), file: Some(file.to_owned()), content });
    }

    /// The media type and the body. The boundary is one that is in no part.
    pub fn written(&self) -> (String, Vec<u8>) {
        let has = |text: &str| self.parts.iter().any(|part| part.content.windows(text.len()).any(|found| found == text.as_bytes()));
        let boundary = (0..).map(|n| format!("----parallelogram-{n}")).find(|boundary| !has(boundary)).unwrap_or_default();
        let mut body = Vec::new();
        for part in &self.parts {
            body.extend(format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"", quoted(&part.name)).bytes());
            if let Some(file) = &part.file {
                body.extend(format!("; filename=\"{}\"\r\nContent-Type: application/octet-stream", quoted(file)).bytes());
            }
            body.extend(b"\r\n\r\n");
            body.extend(&part.content);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{boundary}--\r\n").bytes());
        (format!("multipart/form-data; boundary={boundary}"), body)
    }
}

/// A name within quotes, as browsers write it.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn a_part_cannot_end_the_form() {
        let mut form = Form::default();
        form.text("a\"b", "--\r\n----parallelogram-0--");
        form.file("data", "x.csv", b"1,2".to_vec());
        let (media_type, body) = form.written();
        assert_eq!(media_type, "multipart/form-data; boundary=----parallelogram-1");
        insta::assert_snapshot!(String::from_utf8_lossy(&body).replace('\r', ""), @r#"
        ------parallelogram-1
        Content-Disposition: form-data; name="a%22b"

        --
        ----parallelogram-0--
        ------parallelogram-1
        Content-Disposition: form-data; name="data"; filename="x.csv"
        Content-Type: application/octet-stream

        1,2
        ------parallelogram-1--
        "#);
    }
}
