package dev.guildcast.system.visibility;

import com.google.protobuf.ByteString;
import dev.guildcast.contract.Intents;
import dev.guildcast.contract.catalogue.EventCatalogue;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.system.visibility.MatrixEvents.MatrixEvent;
import dev.guildcast.witness.model.SessionEntitlement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Publishes every event of the matrix to a guild shard with one session for each permission state and set of intents,
/// and compares what each session receives with the witness's model. A case is one event and one session.
final class VisibilityMatrix {
    /// Types that no guild shard delivers: for users, or for sessions that the voice service names.
    private static final Set<String> NOT_OF_GUILDS = Set.of(
            "USER_UPDATE",
            "VOICE_SERVER_UPDATE",
            "ENTITLEMENT_CREATE",
            "ENTITLEMENT_UPDATE",
            "ENTITLEMENT_DELETE",
            "SUBSCRIPTION_CREATE",
            "SUBSCRIPTION_UPDATE",
            "SUBSCRIPTION_DELETE");
    /// Types that the catalogue does not list.
    private static final List<String> UNLISTED = List.of("GUILD_ONBOARDING_UPDATE", "SOMETHING_NEW");
    /// Its events are used by others before it removes them.
    private static final String LAST = "GUILD_SCHEDULED_EVENT_DELETE";

    private record Session(String user, long intents) {
        /// Sessions of one user with the same ones of these intents are shown the same.
        long shownBy() {
            return intents & (1L << 1 | 1L << 8 | 1L << 15);
        }
    }

    private record Shown(String user, long intents) {}

    private static final JsonMapper JSON = new JsonMapper();

    private final MatrixGuild guild = new MatrixGuild();
    private final MatrixShard shard;
    private final List<Session> sessions = new ArrayList<>();
    private final int mismatchesMax;
    private final List<String> mismatches = new ArrayList<>();
    private final Map<ByteString, JsonNode> parsed = new HashMap<>();
    private long cases;

    /// @param fault what is done to each event's record before it is applied
    /// @param snapshot what is done to the guild before it is published
    VisibilityMatrix(
            List<Long> intents, UnaryOperator<GuildRecord> fault, UnaryOperator<String> snapshot, int mismatchesMax) {
        this.shard = new MatrixShard(fault);
        this.mismatchesMax = mismatchesMax;
        publishGuild(snapshot.apply(MatrixGuild.snapshot().toString()));
        for (String user : MatrixGuild.members()) {
            for (long bits : intents) {
                shard.subscribe(user, sessions.size(), bits);
                sessions.add(new Session(user, bits));
            }
        }
    }

    /// No intent, all of them, each alone, and all but each.
    static List<Long> allIntents() {
        var all = new ArrayList<>(List.of(0L, Intents.KNOWN));
        for (long bit = 1; bit <= Intents.KNOWN; bit <<= 1) {
            all.add(bit);
            all.add(Intents.KNOWN & ~bit);
        }
        return all;
    }

    long cases() {
        return cases;
    }

    /// What differed, at most as many as were asked for.
    List<String> mismatches() {
        return mismatches;
    }

    void run() {
        var types = new ArrayList<>(EventCatalogue.types());
        types.removeAll(NOT_OF_GUILDS);
        types.remove(LAST);
        types.addAll(UNLISTED);
        types.add(LAST);
        for (String type : types) {
            for (MatrixEvent event : MatrixEvents.of(type)) {
                if (mismatches.size() < mismatchesMax) {
                    run(event);
                }
            }
        }
    }

    private void publishGuild(String snapshot) {
        shard.publish("{\"t\":\"GUILD_CREATE\",\"d\":" + snapshot + "}");
        MatrixGuild.THREAD_MEMBERS.forEach((thread, users) -> {
            var added = String.join(
                    ",", users.stream().map(id -> "{'user_id':'" + id + "'}").toList());
            shard.publish(("{'t':'THREAD_MEMBERS_UPDATE','d':{'guild_id':'8000','id':'" + thread + "','added_members':["
                            + added + "]}}")
                    .replace('\'', '"'));
        });
        MatrixGuild.CONNECTED.forEach((user, channel) ->
                shard.publish(("{'t':'VOICE_STATE_UPDATE','d':{'guild_id':'8000','session_id':'s','user_id':'" + user
                                + "','channel_id':'" + channel + "'}}")
                        .replace('\'', '"')));
    }

    private void run(MatrixEvent event) {
        boolean removes = event.type().equals("CHANNEL_DELETE")
                || event.type().equals("THREAD_DELETE")
                || event.type().equals("VOICE_STATE_UPDATE");
        if (!removes) {
            guild.change(event.type(), event.d());
        }
        var received = receivedBySession(event);
        Map<Shown, JsonNode> shown = new HashMap<>();
        for (int i = 0; i < sessions.size() && mismatches.size() < mismatchesMax; i++) {
            compare(event, sessions.get(i), received.get((long) i), shown);
        }
        if (removes) {
            guild.change(event.type(), event.d());
        }
        if (event.type().equals("GUILD_DELETE")) {
            endOutage();
        }
    }

    private Map<Long, ByteString> receivedBySession(MatrixEvent event) {
        var received = new HashMap<Long, ByteString>();
        for (var dispatched : shard.publish(MatrixEvents.publish(event))) {
            if (dispatched.type().equals(event.type())
                    && received.put(dispatched.session(), dispatched.data()) != null) {
                mismatch(event, sessions.get((int) dispatched.session()), "received twice");
            }
        }
        return received;
    }

    private void compare(
            MatrixEvent event,
            Session session,
            @org.jspecify.annotations.Nullable ByteString received,
            Map<Shown, JsonNode> shown) {
        cases++;
        var entitlement = new SessionEntitlement(guild.state(), guild.around(), session.user(), session.intents());
        // The end of an outage that has not begun reaches nobody.
        boolean expected =
                !event.type().equals("GUILD_CREATE") && entitlement.receives(event.type(), event.d(), event.named());
        if (expected != (received != null)) {
            mismatch(event, session, expected ? "withheld" : "leaked");
        } else if (received != null) {
            var body = shown.computeIfAbsent(
                    new Shown(session.user(), session.shownBy()), key -> entitlement.shown(event.type(), event.d()));
            var actual = parsed.computeIfAbsent(received, text -> JSON.readTree(text.toByteArray()));
            if (!body.equals(actual)) {
                mismatch(event, session, "shown " + actual + " (expected: " + body + ")");
            }
        }
    }

    /// Every session with GUILDS receives the guild again, without the channels that its user does not see.
    private void endOutage() {
        var again = new HashMap<Long, String>();
        for (var each : shard.publish("{\"t\":\"GUILD_CREATE\",\"d\":{\"id\":\"8000\",\"unavailable\":false}}")) {
            again.put(each.session(), each.data().toStringUtf8());
        }
        var event = new MatrixEvent("GUILD_CREATE", JSON.createObjectNode(), Set.of());
        for (int i = 0; i < sessions.size(); i++) {
            Session session = sessions.get(i);
            cases++;
            var entitlement = new SessionEntitlement(guild.state(), guild.around(), session.user(), session.intents());
            String text = again.getOrDefault((long) i, "");
            if (text.isEmpty() == ((session.intents() & 1) != 0)) {
                mismatch(event, session, text.isEmpty() ? "withheld" : "leaked");
            }
            for (String channel : guild.state().channels().keySet()) {
                if (!entitlement.sees(channel) && text.contains("\"" + channel + "\"")) {
                    mismatch(event, session, "names the hidden channel " + channel);
                }
                if (entitlement.sees(channel) && !text.isEmpty() && !text.contains("\"" + channel + "\"")) {
                    mismatch(event, session, "lacks the channel " + channel);
                }
            }
        }
    }

    private void mismatch(MatrixEvent event, Session session, String what) {
        if (mismatches.size() < mismatchesMax) {
            mismatches.add(event.type() + " " + event.d() + (event.named().isEmpty() ? "" : " for " + event.named())
                    + ": user " + session.user() + " with intents " + Long.toBinaryString(session.intents()) + " "
                    + what);
        }
    }
}
