/// The voice server: carries sound and video of voice channels between the clients in them, encrypted anew for each,
/// and never decodes any.
///
/// One thread, the media loop, owns all rooms and sends every packet: `socket -> packet -> relay -> room`, `crypto`
/// beside them; `control` is the interface by which rooms and participants are managed.
@NullMarked
package dev.guildcast.voiceserver;

import org.jspecify.annotations.NullMarked;
