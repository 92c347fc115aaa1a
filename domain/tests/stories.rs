//! What the restaurant does, told as stories: *given* what happened, *when* somebody asks for
//! something, *then* this happens, or it is refused for this reason.

mod common;
#[path = "common/story.rs"]
mod story;

mod stories {
    //! One module for each thing that the restaurant does.

    mod access;
    mod cart;
    mod doors;
    mod floor;
    mod format;
    mod guests;
    mod kitchen;
    mod later;
    mod menu;
    mod permissions;
    mod replica;
    mod rounds;
    mod visits;
}
