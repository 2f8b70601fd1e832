/// The UDP port and the thread that reads it: the media loop, which executes commands between packets.
@NullMarked
package dev.guildcast.voiceserver.socket;

import org.jspecify.annotations.NullMarked;
