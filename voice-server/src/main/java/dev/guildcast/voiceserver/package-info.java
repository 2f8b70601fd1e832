/// The voice server: carries sound and video of voice channels between the clients in them, encrypted anew for each,
/// and
/// never decodes any.
///
/// One thread, the media loop, owns all rooms and sends every packet: `socket -> packet -> relay -> room`, `crypto`
/// beside them; `control` is the way in for whoever says which rooms there are and who is in them.
@NullMarked
package dev.guildcast.voiceserver;

import org.jspecify.annotations.NullMarked;
