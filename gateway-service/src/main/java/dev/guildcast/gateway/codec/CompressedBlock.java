package dev.guildcast.gateway.codec;

/// Deflate blocks of one dispatch from behind its sequence on, which end with a sync flush.
///
/// - **Owner:** the event loop of its [SharedDeflater].
///
/// @param bytes shared: never modified
/// @param history of the streams that they were appended to
record CompressedBlock(byte[] bytes, StreamHistory history) {}
