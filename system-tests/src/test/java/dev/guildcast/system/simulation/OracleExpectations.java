package dev.guildcast.system.simulation;

import com.google.protobuf.ByteString;
import dev.guildcast.event.v1.GuildEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// What each session must have received from one guild log, as far as the oracle has read it.
final class OracleExpectations {
    /// @param offset in the guild's log
    record Expectation(long offset, String text) {}

    /// By session and guild.
    final Map<String, List<Expectation>> expected = new HashMap<>();
    /// Offsets of events that a session would have received, had it been subscribed while its user was a member.
    final Map<String, List<Long>> unsubscribedOffsets = new HashMap<>();
    /// Offsets at which users left, by user and guild.
    final Map<String, List<Long>> departures = new HashMap<>();

    private final Map<String, OracleGuild.Subscriber> subscribers;
    private long offset;

    /// @param subscribers every session that a client ever had
    OracleExpectations(Map<String, OracleGuild.Subscriber> subscribers) {
        this.subscribers = subscribers;
    }

    static String key(String session, long guild) {
        return session + " " + guild;
    }

    /// What follows is caused by the record at this offset.
    void readingAt(long recordOffset) {
        offset = recordOffset;
    }

    void expect(String session, long guild, String text) {
        expected.computeIfAbsent(key(session, guild), each -> new ArrayList<>()).add(new Expectation(offset, text));
    }

    void departed(long user, long guild) {
        departures
                .computeIfAbsent(user + " " + guild, each -> new ArrayList<>())
                .add(offset);
    }

    /// Emits the event's payload, or one derived by the shard.
    void emit(
            long id,
            OracleGuild guild,
            String type,
            String derivedText,
            @Nullable GuildEvent event,
            LongPredicate visibleTo) {
        long intents = event == null ? DerivedEvents.intents(type) : event.getIntents();
        for (var subscriber : subscribers.values()) {
            if (!guild.members.containsKey(subscriber.user()) || !visibleTo.test(subscriber.user())) {
                continue;
            }
            boolean self = event == null
                    ? DerivedEvents.subjectUser(type, derivedText) == subscriber.user()
                    : event.getSelfUsersList().contains(subscriber.user())
                            && subscriber.hasAnyIntent(event.getSelfIntents());
            if (!subscriber.hasAnyIntent(intents) && !self) {
                continue;
            }
            if (!guild.subscribers.containsKey(subscriber.session())) {
                unsubscribedOffsets
                        .computeIfAbsent(key(subscriber.session(), id), each -> new ArrayList<>())
                        .add(offset);
                continue;
            }
            if (event == null) {
                expect(subscriber.session(), id, derivedText);
            } else {
                boolean full = event.getPayloadRedacted().isEmpty()
                        || subscriber.messageContent()
                        || event.getFullRecipientsList().contains(subscriber.user());
                expect(
                        subscriber.session(),
                        id,
                        type + " " + (full ? event.getPayload() : redacted(event, subscriber.user())).toStringUtf8());
            }
        }
    }

    private static ByteString redacted(GuildEvent event, long user) {
        for (var variant : event.getContentVariantsList()) {
            if (variant.getUsersList().contains(user)) {
                return variant.getPayload();
            }
        }
        return event.getPayloadRedacted();
    }
}
