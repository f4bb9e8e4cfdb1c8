//! Plan → jobs → queue → workers, resume.
