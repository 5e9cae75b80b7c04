mod dress;
mod dress_gnupg;
mod letters;
