package dev.guildcast.benchmark.voice;

import dev.guildcast.voiceserver.crypto.EncryptionMode;
import dev.guildcast.voiceserver.crypto.TransportKey;
import dev.guildcast.voiceserver.room.MediaStream;
import dev.guildcast.voiceserver.room.NewParticipant;
import dev.guildcast.voiceserver.room.StreamKind;
import dev.guildcast.voiceserver.room.VoiceFlags;
import java.util.List;
import java.util.Random;

/// Rooms of equal size in which the first few speak; both sides compute keys and SSRCs from it.
record VoiceScenario(int rooms, int users, int speakers, EncryptionMode mode) {
    /// Opus in frames of 20 ms, as clients send it.
    static final int PACKETS_PER_SECOND = 50;

    /// Opus at 48 kbit/s.
    static final int PAYLOAD_BYTES = 120;

    int total() {
        return rooms * users;
    }

    int roomOf(int user) {
        return user / users;
    }

    boolean speaks(int user) {
        return user % users < speakers;
    }

    /// How many packets the server sends in a second when none is lost.
    long sentPerSecond() {
        return (long) rooms * speakers * (users - 1) * PACKETS_PER_SECOND;
    }

    int ssrc(int user) {
        return user + 1;
    }

    TransportKey key(int user) {
        var bytes = new byte[TransportKey.BYTES];
        new Random(user).nextBytes(bytes);
        return TransportKey.of(bytes);
    }

    NewParticipant participant(int user) {
        return new NewParticipant(
                user,
                mode,
                key(user),
                NewParticipant.OPUS,
                List.of(new MediaStream(ssrc(user), StreamKind.VOICE)),
                VoiceFlags.NONE);
    }

    List<String> arguments() {
        return List.of(Integer.toString(rooms), Integer.toString(users), Integer.toString(speakers), mode.wireName());
    }

    static VoiceScenario of(String... arguments) {
        return new VoiceScenario(
                Integer.parseInt(arguments[0]),
                Integer.parseInt(arguments[1]),
                Integer.parseInt(arguments[2]),
                EncryptionMode.named(arguments[3]).orElseThrow());
    }
}
