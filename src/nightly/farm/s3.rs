//! A bucket of S3, or of anything that speaks like it.

use std::sync::Arc;

use object_store::ObjectStore;
use object_store::aws::AmazonS3Builder;
use object_store::path::Path as Place;

/// A bucket and the place in it where ours begin.
pub(super) struct Bucket {
    pub objects: Arc<dyn ObjectStore>,
    pub root: Place,
    /// As it is shown.
    pub shown: String,
}

/// Opens `BUCKET/PREFIX`. Keys, region and endpoint come from the usual `AWS_…` variables; keys in the address are
/// refused, because other users of the machine see it.
pub(super) fn open(given: &str) -> Result<Bucket, String> {
    if given.contains(['@', ':', '?']) {
        return Err("no keys or ports in the address; keys, region and endpoint are read from AWS_ACCESS_KEY_ID, \
                    AWS_SECRET_ACCESS_KEY, AWS_REGION and AWS_ENDPOINT_URL"
            .into());
    }
    let (bucket, prefix) = given.split_once('/').unwrap_or((given, ""));
    let prefix = prefix.trim_matches('/');
    let root = Place::parse(prefix).map_err(|error| error.to_string())?;
    if bucket.is_empty() {
        return Err("name a bucket: s3://BUCKET/PREFIX".into());
    }
    // TLS of the HTTP client below takes the process's choice of crypto; a choice that was made before stands.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let plain = std::env::var("AWS_ENDPOINT_URL").is_ok_and(|endpoint| endpoint.starts_with("http://"));
    let made = AmazonS3Builder::from_env().with_bucket_name(bucket).with_allow_http(plain).build();
    let objects = made.map_err(|error| error.to_string())?;
    Ok(Bucket { objects: Arc::new(objects), root, shown: format!("s3://{bucket}/{prefix}") })
}

#[cfg(test)]
mod tests {
    use super::open;

    #[test]
    fn an_address_names_a_bucket_and_holds_no_keys() {
        for given in ["", "/prefix", "key:s3cret@bucket/prefix", "bucket/../other"] {
            let error = open(given).err().expect(given);
            assert!(!error.contains("s3cret"), "{error}");
        }
        let bucket = open("bucket/night/a").ok().unwrap();
        assert_eq!((bucket.root.as_ref(), bucket.shown.as_str()), ("night/a", "s3://bucket/night/a"));
    }
}
