//! What a program of `awk` reads: records, their fields, and `getline`.

use std::rc::Rc;

use super::lexer::unescaped;
use super::run::{Cell, Halt, Outcome, Run};
use super::tree::{self, Expr, From, Name};
use super::value::{Records, Separator, Value};
use crate::text::Text;

/// A record with more fields is a mistake.
const MOST_FIELDS: usize = 100_000;

impl Run<'_, '_> {
    /// Reads the next record of the input; false at its end.
    pub fn next_record(&mut self) -> Outcome<bool> {
        let Some(record) = self.next_of_input()? else { return Ok(false) };
        self.counts_record();
        self.sets_record(record);
        Ok(true)
    }

    fn next_of_input(&mut self) -> Outcome<Option<Rc<str>>> {
        loop {
            if let Some(mut input) = self.input.take() {
                let record = self.record_of(&mut input)?;
                if record.is_some() {
                    self.input = Some(input);
                    return Ok(record);
                }
                continue;
            }
            let text = match self.operands.next() {
                Some(operand) if is_assignment(operand) => {
                    self.assigns(operand);
                    continue;
                }
                Some(operand) if operand.is_empty() => continue,
                Some(operand) if *operand == "-" => self.shell.take_input(),
                Some(operand) => match self.shell.read_file(operand) {
                    Some(text) => {
                        self.sets(tree::FILENAME, Value::Text(Rc::from(&**operand)));
                        Rc::new(text)
                    }
                    None => return Err(Halt::Fault(format!("cannot open {operand} (No such file or directory)"))),
                },
                None if !self.has_read => self.shell.take_input(),
                None => return Ok(None),
            };
            if text.has_unknown() {
                return Err(Halt::Unknown);
            }
            self.has_read = true;
            self.sets(tree::FNR, Value::Number(0.0));
            self.input = Some(Records::new(text));
        }
    }

    /// The next record of a text by `$RS`.
    fn record_of(&mut self, records: &mut Records) -> Outcome<Option<Rc<str>>> {
        let by = self.special(tree::RS);
        let mut chars = by.chars();
        let found = match (chars.next(), chars.next()) {
            (None, _) => {
                // Paragraphs.
                let n_before = records.rest().len().saturating_sub(records.rest().trim_start_matches('\n').len());
                records.take(0, n_before);
                records
                    .rest()
                    .find("\n\n")
                    .map(|at| (at, records.rest().get(at..).unwrap_or("")))
                    .map(|(at, behind)| (at, at.saturating_add(behind.len()).saturating_sub(behind.trim_start_matches('\n').len())))
            }
            (Some(by), None) => records.rest().find(by).map(|at| (at, at.saturating_add(by.len_utf8()))),
            _ => {
                let regex = self.regex(&by)?;
                self.affords(&regex, records.rest())?;
                let found = regex.find(records.rest()).and_then(|groups| groups.get(0));
                found.filter(|found| !found.as_str().is_empty()).map(|found| (found.start(), found.end()))
            }
        };
        let rest = records.rest();
        if rest.is_empty() {
            return Ok(None);
        }
        let n = if by.is_empty() { rest.trim_end_matches('\n').len() } else { rest.len() };
        // With a separator of several characters the end of the last line still belongs to no record.
        let (n_record, n_all) = found.unwrap_or((if by.len() > 1 && rest.ends_with('\n') { n.saturating_sub(1) } else { n }, rest.len()));
        self.work(n_all.saturating_add(64))?;
        Ok(Some(records.take(n_record, n_all)))
    }

    fn counts_record(&mut self) {
        for at in [tree::NR, tree::FNR] {
            let next = match self.globals.get(at) {
                Some(Cell::Value(value)) => value.number() + 1.0,
                _ => 1.0,
            };
            self.sets(at, Value::Number(next));
        }
    }

    fn sets_record(&mut self, record: Rc<str>) {
        (self.record, self.fields, self.is_joined) = (record, None, true);
    }

    /// Sets a variable that means something.
    pub fn sets(&mut self, at: usize, value: Value) {
        self.put(Name::Global(at), Cell::Value(value));
    }

    /// `name=value`, of `-v` or among the files.
    pub fn assigns(&mut self, given: &str) {
        let Some((name, value)) = given.split_once('=') else { return };
        if let Some(at) = self.program.globals.iter().position(|known| known == name) {
            self.sets(at, Value::Read(unescaped(value).into()));
        }
    }

    /// `-F`: a tab may be written as `t`.
    pub fn separates_by(&mut self, separator: &str) {
        let separator = if separator == "t" { "\t".to_owned() } else { unescaped(separator) };
        self.sets(tree::FS, Value::Text(separator.into()));
    }

    /// The record, made of its fields again if one of them was changed.
    pub fn whole_record(&mut self) -> Rc<str> {
        if !self.is_joined {
            let between = self.special(tree::OFS);
            let texts: Vec<Rc<str>> = self.fields.iter().flatten().map(|field| self.text_of(field)).collect();
            self.record = texts.join(&*between).into();
            self.is_joined = true;
        }
        Rc::clone(&self.record)
    }

    /// The fields of the record.
    pub fn split_fields(&mut self) -> Outcome<&mut Vec<Value>> {
        if self.fields.is_none() {
            let record = self.whole_record();
            let by = self.special(tree::FS);
            let separator = self.separator(&by)?;
            let is_paragraph = self.special(tree::RS).is_empty() && !matches!(separator, Separator::Blanks);
            let mut fields = Vec::new();
            for line in if is_paragraph { record.split('\n').collect() } else { vec![&*record] } {
                fields.extend(self.pieces(line, &separator)?.into_iter().map(|field| Value::Read(field.into())));
            }
            self.fields = Some(fields);
        }
        Ok(self.fields.get_or_insert_default())
    }

    pub fn field(&mut self, nth: f64) -> Outcome<Value> {
        if nth < 0.0 {
            return Err(Halt::Fault(format!("negative field index ${nth}")));
        }
        match (nth as usize).checked_sub(1) {
            None => Ok(Value::Read(self.whole_record())),
            Some(at) => Ok(self.split_fields()?.get(at).cloned().unwrap_or_default()),
        }
    }

    pub fn set_field(&mut self, nth: f64, value: Value) -> Outcome<()> {
        if nth < 0.0 || nth > MOST_FIELDS as f64 {
            return Err(Halt::Fault(format!("field index ${nth} is out of range")));
        }
        let Some(at) = (nth as usize).checked_sub(1) else {
            let text = self.text_of(&value);
            self.sets_record(text);
            return Ok(());
        };
        let value = match value {
            Value::Unset => Value::Read(Rc::from("")),
            value => value,
        };
        let fields = self.split_fields()?;
        if fields.len() <= at {
            fields.resize(at.saturating_add(1), Value::Read(Rc::from("")));
        }
        if let Some(field) = fields.get_mut(at) {
            *field = value;
        }
        self.is_joined = false;
        Ok(())
    }

    pub fn set_n_fields(&mut self, n: f64) -> Outcome<()> {
        if !(0.0..=MOST_FIELDS as f64).contains(&n) {
            return Err(Halt::Fault("the number of fields is out of range".to_owned()));
        }
        self.split_fields()?.resize(n as usize, Value::Read(Rc::from("")));
        self.is_joined = false;
        Ok(())
    }

    /// What `$FS` or the last operand of `split` means.
    pub fn separator(&mut self, by: &str) -> Outcome<Separator> {
        let mut chars = by.chars();
        Ok(match (chars.next(), chars.next()) {
            (None, _) => Separator::Nothing,
            (Some(' '), None) => Separator::Blanks,
            (Some(c), None) => Separator::Char(c),
            _ => Separator::Regex(self.regex(by)?),
        })
    }

    /// The pieces of a text between separators; an empty one has none.
    pub fn pieces(&mut self, text: &str, by: &Separator) -> Outcome<Vec<String>> {
        self.work(text.len().saturating_mul(2))?;
        if text.is_empty() {
            return Ok(Vec::new());
        }
        Ok(match by {
            Separator::Blanks => text.split([' ', '\t', '\n']).filter(|piece| !piece.is_empty()).map(str::to_owned).collect(),
            Separator::Char(c) => text.split(*c).map(str::to_owned).collect(),
            Separator::Nothing => text.chars().map(String::from).collect(),
            Separator::Regex(regex) => {
                self.affords(regex, text)?;
                let (mut pieces, mut from) = (Vec::new(), 0);
                for found in regex.find_all(text).filter_map(|groups| groups.get(0)).filter(|found| !found.as_str().is_empty()) {
                    pieces.push(text.get(from..found.start()).unwrap_or("").to_owned());
                    from = found.end();
                }
                pieces.push(text.get(from..).unwrap_or("").to_owned());
                pieces
            }
        })
    }

    /// `getline`: 1, 0 at the end, or -1.
    pub fn getline(&mut self, from: &From, to: Option<&Expr>) -> Outcome<Value> {
        let record = match from {
            From::Input => {
                let record = self.next_of_input()?;
                if record.is_some() {
                    self.counts_record();
                }
                record
            }
            From::File(name) | From::Command(name) => {
                let name = self.text(name)?;
                let known = self.readers.iter().position(|(known, _)| *known == name);
                let at = match known {
                    Some(at) => at,
                    None => {
                        let text = match from {
                            From::Command(_) => Some(self.output_of(&name)?),
                            _ => self.shell.read_file(&Text::from(&*name)),
                        };
                        let Some(text) = text else { return Ok(Value::Number(-1.0)) };
                        if text.has_unknown() {
                            return Err(Halt::Unknown);
                        }
                        self.readers.push((name, Records::new(Rc::new(text))));
                        self.readers.len().saturating_sub(1)
                    }
                };
                let Some((_, mut records)) = self.readers.get(at).cloned() else { return Ok(Value::Number(-1.0)) };
                let record = self.record_of(&mut records)?;
                if let Some((_, reader)) = self.readers.get_mut(at) {
                    *reader = records;
                }
                if record.is_some() && matches!(from, From::Command(_)) {
                    self.counts_record();
                }
                record
            }
        };
        let Some(record) = record else { return Ok(Value::Number(0.0)) };
        match to {
            Some(to) => self.assign(to, Value::Read(record))?,
            None => self.sets_record(record),
        }
        Ok(Value::Number(1.0))
    }
}

/// Whether an operand is `name=value`.
fn is_assignment(operand: &str) -> bool {
    operand.split_once('=').is_some_and(|(name, _)| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}
