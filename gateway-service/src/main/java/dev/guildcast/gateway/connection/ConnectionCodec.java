package dev.guildcast.gateway.connection;

import dev.guildcast.gateway.codec.FrameCompressor;
import dev.guildcast.gateway.codec.PayloadCodec;

/// The encoding and the compression that a client requested in its upgrade.
///
/// @param compressor owned by the connection from now on; an Identify may replace it
public record ConnectionCodec(PayloadCodec payloads, FrameCompressor compressor) {}
