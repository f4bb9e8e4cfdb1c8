//! Why a file operation failed, in bionic's words.

/// A failed file operation. `Display` is what bionic's `strerror` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilesError {
    /// ENOENT.
    #[error("No such file or directory")]
    Missing,
    /// EACCES.
    #[error("Permission denied")]
    Denied,
    /// EPERM.
    #[error("Operation not permitted")]
    NotPermitted,
    /// EEXIST.
    #[error("File exists")]
    Exists,
    /// ENOTDIR.
    #[error("Not a directory")]
    NotFolder,
    /// EISDIR.
    #[error("Is a directory")]
    IsFolder,
    /// EINVAL.
    #[error("Invalid argument")]
    Invalid,
    /// ENOSPC.
    #[error("No space left on device")]
    Full,
    /// EROFS.
    #[error("Read-only file system")]
    ReadOnly,
    /// ENAMETOOLONG.
    #[error("File name too long")]
    NameTooLong,
    /// ENOTEMPTY.
    #[error("Directory not empty")]
    NotEmpty,
    /// ELOOP.
    #[error("Too many symbolic links encountered")]
    TooManyLinks,
}

impl FilesError {
    /// Linux's error number, as sync's `STA2` sends it.
    pub fn errno(self) -> u32 {
        match self {
            Self::NotPermitted => 1,
            Self::Missing => 2,
            Self::Denied => 13,
            Self::Exists => 17,
            Self::NotFolder => 20,
            Self::IsFolder => 21,
            Self::Invalid => 22,
            Self::Full => 28,
            Self::ReadOnly => 30,
            Self::NameTooLong => 36,
            Self::NotEmpty => 39,
            Self::TooManyLinks => 40,
        }
    }
}
