package dev.guildcast.voiceserver.room;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How much one voice server takes in.
///
/// @param roomsMax rooms at a time; further ones are refused, so that signaling puts them elsewhere. Most rooms hold
///     few users: the default lets the bound on participants come first
/// @param roomUsersMax users of a room; each packet of a speaker is sealed and sent once for each of them, on one
/// thread:
///     at 1000, two speakers take most of a core
/// @param participantsMax users in all rooms, each with a key, up to 6 KB with its ciphers; a thread serves about 2000
///     with two speakers in rooms of 25, and more where fewer speak
/// @param streamsMax streams of a participant: one of sound, and of video three sizes with their retransmissions
/// @param fencesMax closed rooms whose epoch is remembered, so that a late command of a superseded owner does not open
///     them again; 100 bytes each
/// @param addressIdle a participant from whom nothing came for so long is sent nothing more until a packet of it opens;
///     clients ping every 5 s, and an address that is no longer theirs should not be sent media for long
/// @param soundPacketsPerSecond packets of one sound stream, and as many at once after a pause; clients send 50, some
///     100, and each is sent to the whole room
/// @param videoPacketsPerSecond packets of one video stream; 8 Mbit/s in packets of 1100 bytes are 900
/// @param rtcpPacketsPerSecond packets of one participant: reports, and requests for key frames and for packets that
///     were lost
@ConfigurationProperties("voice-server.rooms")
public record RoomProperties(
        @DefaultValue("5000") int roomsMax,
        @DefaultValue("1000") int roomUsersMax,
        @DefaultValue("5000") int participantsMax,
        @DefaultValue("8") int streamsMax,
        @DefaultValue("100000") int fencesMax,
        @DefaultValue("60s") Duration addressIdle,
        @DefaultValue("120") int soundPacketsPerSecond,
        @DefaultValue("2000") int videoPacketsPerSecond,
        @DefaultValue("100") int rtcpPacketsPerSecond) {
    /// How often clients ping; an address that is idle for less is no sign that the client is gone.
    private static final Duration PING_EVERY = Duration.ofSeconds(5);

    public RoomProperties {
        positive("rooms-max", roomsMax);
        positive("room-users-max", roomUsersMax);
        positive("participants-max", participantsMax);
        positive("streams-max", streamsMax);
        positive("fences-max", fencesMax);
        positive("sound-packets-per-second", soundPacketsPerSecond);
        positive("video-packets-per-second", videoPacketsPerSecond);
        positive("rtcp-packets-per-second", rtcpPacketsPerSecond);
        if (addressIdle.compareTo(PING_EVERY.multipliedBy(3)) < 0) {
            throw new IllegalArgumentException("voice-server.rooms.address-idle " + addressIdle
                    + " (expected: at least three pings of a client, 15s)");
        }
    }

    StreamRates rates() {
        return new StreamRates(soundPacketsPerSecond, videoPacketsPerSecond, rtcpPacketsPerSecond);
    }

    private static void positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("voice-server.rooms." + name + " " + value + " (expected: at least 1)");
        }
    }
}
