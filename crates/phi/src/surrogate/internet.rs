//! Addresses on hosts and networks that are set aside for examples.

use super::{
    Part, Whose, Workshop, bare, over,
    pool::{ENGLISH, Shelf},
};
use crate::{label::Label, validators};

impl Workshop<'_> {
    /// An address at an example domain. What is a name of the person before the `@` becomes the
    /// person's invented name.
    pub(super) fn email(&mut self, found: &str, whose: Option<&Whose<'_>>) -> Option<String> {
        let (local, _) = found.rsplit_once('@')?;
        let key = found.to_lowercase();
        if let Some(known) = self.book.find(Label::Email, &key) {
            return Some(known.to_owned());
        }
        let (scheme, local) = match local.split_once(':') {
            Some((scheme, local)) => (format!("{scheme}:"), local),
            None => (String::new(), local),
        };
        let mut tail = String::new();
        self.kept_or_drawn(Label::Email, &key, found, |shop| {
            let local = shop.local(local, whose);
            let host = shop.host();
            let made = format!("{scheme}{local}{tail}@{host}");
            tail.push(shop.digit(1));
            made
        })
    }

    fn local(&mut self, local: &str, whose: Option<&Whose<'_>>) -> String {
        let mut made = String::with_capacity(local.len());
        let mut word = String::new();
        for letter in local.chars().chain(['\0']) {
            if letter.is_alphabetic() {
                word.push(letter);
                continue;
            }
            if !word.is_empty() {
                made.push_str(&self.login(&word, whose));
                word.clear();
            }
            match letter {
                '\0' => {}
                letter if letter.is_ascii_digit() => made.push(self.digit(0)),
                letter => made.push(letter),
            }
        }
        made
    }

    /// `smith` and `jsmith` of the person, else any name.
    fn login(&mut self, word: &str, whose: Option<&Whose<'_>>) -> String {
        let own = whose.filter(|whose| whose.words.is_some());
        if let Some(own) = own {
            let of = |word: &str| own.words.is_some_and(|words| words.contains(word));
            let lower = word.to_lowercase();
            let is_short = lower.len() == 1;
            if (of(&lower) || is_short)
                && let Some(name) = self.name(word, whose, Part::Any)
            {
                return name;
            }
            if let Some((first, rest)) = lower.split_at_checked(1)
                && of(rest)
                && let (Some(first), Some(rest)) = (
                    self.name(first, whose, Part::Any),
                    self.name(rest, whose, Part::Any),
                )
            {
                return format!("{first}{rest}");
            }
        }
        let names = self.pools.names(ENGLISH, Shelf::Families);
        for _ in 0..DRAWS {
            let place = self.below(names.len());
            match names.get(place) {
                Some(name) if !self.seen.has(name) && name.len().abs_diff(word.len()) < 3 => {
                    return (*name).to_owned();
                }
                _ => {}
            }
        }
        over(word, &self.letters(word.len())).to_lowercase()
    }

    /// A web address: the scheme and the form of the path stay.
    pub(super) fn url(&mut self, found: &str) -> Option<String> {
        let key = found.to_lowercase();
        let (scheme, rest) = match found.split_once("://") {
            Some((scheme, rest)) => (format!("{scheme}://"), rest),
            None => (String::new(), found),
        };
        let end = rest.find(['/', '?', '#', ':']).unwrap_or(rest.len());
        let (host, path) = rest.split_at_checked(end)?;
        let www = if host.to_lowercase().starts_with("www.") {
            "www."
        } else {
            ""
        };
        self.kept_or_drawn(Label::Url, &key, found, |shop| {
            let town = shop.town_word();
            let letters = shop.letters(path.len());
            let host = shop.host();
            format!("{scheme}{www}{town}.{host}{}", over(path, &letters))
        })
    }

    /// An internet address out of the ranges for documentation.
    pub(super) fn internet_address(&mut self, found: &str) -> Option<String> {
        let key = bare(found);
        let is_hardware = key.len() == 12
            && found.len() == 17
            && key.bytes().all(|byte| byte.is_ascii_hexdigit());
        if validators::ipv4(found) {
            let key = found.to_owned();
            let known = self.kept_or_drawn(Label::Ip, &key, found, Self::documentation);
            Some(known.unwrap_or_else(|| self.documentation()))
        } else if validators::ipv6(found) {
            let key = found.to_lowercase();
            self.kept_or_drawn(Label::Ip, &key, found, |shop| {
                let groups: Vec<String> = (0..6)
                    .map(|_| format!("{:x}", shop.below(0x1_0000)))
                    .collect();
                format!("2001:db8:{}", groups.join(":"))
            })
        } else if is_hardware {
            let drawn = self
                .kept_or_drawn(Label::Ip, &key, found, Self::hardware)
                .unwrap_or_else(|| self.hardware());
            Some(over(found, &drawn))
        } else {
            self.number(Label::Ip, found)
        }
    }

    /// RFC 5737.
    fn documentation(&mut self) -> String {
        let net = self.pick(NETWORKS).unwrap_or("192.0.2");
        format!("{net}.{}", 1 + self.below(254))
    }

    /// RFC 7042, section 2.1.2.
    fn hardware(&mut self) -> String {
        format!("00005E0053{:02X}", self.below(256))
    }

    /// RFC 2606, section 3.
    fn host(&mut self) -> &'static str {
        self.pick(HOSTS).unwrap_or("example.com")
    }

    fn letters(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from(b'a' + u8::try_from(self.below(26)).unwrap_or(0)))
            .collect()
    }
}

const DRAWS: usize = 64;
const NETWORKS: &[&str] = &["192.0.2", "198.51.100", "203.0.113"];
const HOSTS: &[&str] = &["example.com", "example.org", "example.net"];
