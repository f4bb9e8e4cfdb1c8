//! The few lines of DER (ITU-T X.690) that a certificate and a JAR signature need.

/// One element: tag, length, content.
pub(super) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut out = vec![tag];
    if length < 0x80 {
        out.push(length as u8);
    } else {
        let bytes: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
        out.push(0x80 | bytes.len() as u8);
        out.extend(bytes);
    }
    out.extend(content);
    out
}

/// SEQUENCE.
pub(super) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

/// SET.
pub(super) fn set(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x31, &parts.concat())
}

/// `[number]`, explicit or holding several elements.
pub(super) fn context(number: u8, content: &[u8]) -> Vec<u8> {
    tlv(0xa0 | number, content)
}

/// A non-negative INTEGER from its big-endian bytes.
pub(super) fn integer(bytes: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = bytes.iter().copied().skip_while(|byte| *byte == 0).collect();
    let sign = digits.first().is_none_or(|first| first & 0x80 != 0);
    tlv(0x02, &[if sign { vec![0] } else { Vec::new() }, digits].concat())
}

/// BIT STRING of whole bytes.
pub(super) fn bits(bytes: &[u8]) -> Vec<u8> {
    tlv(0x03, &[&[0], bytes].concat())
}

/// OCTET STRING.
pub(super) fn octets(bytes: &[u8]) -> Vec<u8> {
    tlv(0x04, bytes)
}

/// NULL.
pub(super) const NULL: &[u8] = &[0x05, 0x00];

/// OBJECT IDENTIFIER from its encoded content.
pub(super) fn oid(content: &[u8]) -> Vec<u8> {
    tlv(0x06, content)
}

/// UTF8String.
pub(super) fn utf8(text: &str) -> Vec<u8> {
    tlv(0x0c, text.as_bytes())
}

/// UTCTime, `YYMMDDHHMMSSZ`.
pub(super) fn utc_time(text: &str) -> Vec<u8> {
    tlv(0x17, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_stay_positive_and_short() {
        assert_eq!(integer(&[0, 0, 0x7f]), [0x02, 1, 0x7f]);
        assert_eq!(integer(&[0x80]), [0x02, 2, 0, 0x80]);
        assert_eq!(integer(&[0]), [0x02, 1, 0]);
    }

    #[test]
    fn long_lengths_take_more_bytes() {
        assert_eq!(tlv(0x04, &[7; 127])[..2], [0x04, 127]);
        assert_eq!(tlv(0x04, &[7; 128])[..3], [0x04, 0x81, 128]);
        assert_eq!(tlv(0x04, &[7; 300])[..4], [0x04, 0x82, 1, 44]);
    }
}
