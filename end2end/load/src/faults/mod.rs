//! What is broken. Killing a process is [`crate::house::House::kill`].

pub mod disk;
