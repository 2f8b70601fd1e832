package dev.guildcast.voice.call;

import dev.guildcast.voice.call.VoiceSession.Place;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The voice sessions of this instance, by user and by channel.
///
/// - **Owner:** the voice loop.
/// - **Bound:** one for each user in a guild's voice; the connections that create them are bounded.
final class VoiceSessions {
    private final Map<UserKey, VoiceSession> byUser = new HashMap<>();
    private final Map<SessionKey, VoiceSession> bySessionId = new HashMap<>();
    private final Map<Long, Map<Long, VoiceSession>> byChannel = new HashMap<>();

    Optional<VoiceSession> of(long guild, long user) {
        return Optional.ofNullable(byUser.get(new UserKey(guild, user)));
    }

    /// The session of a client that resumes.
    Optional<VoiceSession> of(long guild, String sessionId) {
        return Optional.ofNullable(bySessionId.get(new SessionKey(guild, sessionId)));
    }

    /// @return the user's session before, if any
    Optional<VoiceSession> put(VoiceSession session) {
        var before = of(session.guild(), session.user());
        before.ifPresent(this::remove);
        byUser.put(new UserKey(session.guild(), session.user()), session);
        bySessionId.put(new SessionKey(session.guild(), session.state().sessionId()), session);
        byChannel
                .computeIfAbsent(session.channel(), id -> new LinkedHashMap<>())
                .put(session.user(), session);
        return before;
    }

    void remove(VoiceSession session) {
        if (byUser.remove(new UserKey(session.guild(), session.user()), session)) {
            bySessionId.remove(new SessionKey(session.guild(), session.state().sessionId()), session);
            var channel = byChannel.get(session.channel());
            if (channel != null) {
                channel.remove(session.user(), session);
                if (channel.isEmpty()) {
                    byChannel.remove(session.channel());
                }
            }
        }
    }

    /// Everybody in the channel, also those without a connection.
    Collection<VoiceSession> inChannel(long channel) {
        var sessions = byChannel.get(channel);
        return sessions == null ? List.of() : List.copyOf(sessions.values());
    }

    boolean isRoomInUse(long channel, Place place) {
        return inChannel(channel).stream().anyMatch(session -> session.place().equals(place));
    }

    List<VoiceSession> all() {
        return new ArrayList<>(byUser.values());
    }

    int count() {
        return byUser.size();
    }

    private record UserKey(long guild, long user) {}

    private record SessionKey(long guild, String sessionId) {}
}
