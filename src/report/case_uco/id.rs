//! Names of nodes: the same for the same package, others for every other.

use sha1::{Digest, Sha1};

/// The namespace of a package's nodes.
pub(super) struct Ids {
    namespace: [u8; 16],
}

impl Ids {
    /// Of the package with this digest: the namespace is the digest's first half.
    pub fn of(digest: &str) -> Self {
        let half = digest.get(..32).and_then(|half| u128::from_str_radix(half, 16).ok()).unwrap_or_default();
        Self { namespace: half.to_be_bytes() }
    }

    /// A URN with a UUID of version 5 (RFC 9562, 5.5), so that anybody can make it again: Python's
    /// `uuid.uuid5(uuid.UUID(digest[:32]), name)`. SHA-1 names here and proves nothing; digests of files are SHA-256.
    pub fn name(&self, name: &str) -> String {
        let hash = Sha1::new().chain_update(self.namespace).chain_update(name).finalize();
        let mut uuid = [0; 16];
        uuid.copy_from_slice(&hash[..16]);
        uuid[6] = uuid[6] & 0x0F | 0x50;
        uuid[8] = uuid[8] & 0x3F | 0x80;
        let digits = format!("{:032x}", u128::from_be_bytes(uuid));
        let part = |from: usize, to: usize| &digits[from..to];
        format!("urn:uuid:{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_uuid_of_version_5_that_others_make_of_it() {
        // RFC 9562, appendix A.4: the DNS namespace and www.example.com.
        let dns = Ids { namespace: 0x6ba7_b810_9dad_11d1_80b4_00c0_4fd4_30c8_u128.to_be_bytes() };
        assert_eq!(dns.name("www.example.com"), "urn:uuid:2ed6657d-e927-568b-95e1-2665a8aea6a2");
    }

    #[test]
    fn a_forged_digest_makes_names_all_the_same() {
        assert_eq!(Ids::of("é").namespace, [0; 16]);
    }
}
