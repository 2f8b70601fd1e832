/// A stand-in for a voice server: registers and reports, without media. gRPC threads, which it never blocks.
@NullMarked
package dev.guildcast.suite.voice;

import org.jspecify.annotations.NullMarked;
