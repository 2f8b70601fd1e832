/// A stand-in for a voice server: it registers and reports, and carries no media. gRPC threads, which it never blocks.
@NullMarked
package dev.guildcast.suite.voice;

import org.jspecify.annotations.NullMarked;
