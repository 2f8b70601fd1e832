package dev.guildcast.voiceserver.link;

/// Who this server is, for voice-signaling.
///
/// @param address IP literal at which clients send media
/// @param port UDP
/// @param processId random, of this process: voice-signaling knows by it that a restarted server holds nothing
/// @param participantsMax users that this server takes
record LinkIdentity(String serverId, String region, String address, int port, long processId, int participantsMax) {}
