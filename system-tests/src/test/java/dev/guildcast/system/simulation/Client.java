package dev.guildcast.system.simulation;

import dev.guildcast.contract.ClientShard;
import dev.guildcast.contract.Intents;
import dev.guildcast.contract.SessionId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One client: what it asked for, what it was sent, and what it believes.
final class Client {
    /// What a client was sent as `s`, in words that the oracle uses, too.
    record Received(int sequence, String type, long guild, String words) {}

    final int number;
    final long user;
    final long intents;
    final boolean content;
    final @Nullable ClientShard clientShard;
    /// Of each session it ever had, by `shard@offset`.
    final Map<String, List<Received>> history = new LinkedHashMap<>();
    final HistoryDigest received = new HistoryDigest();
    /// Offset and time of the log at which each was opened are read from its id.
    @Nullable
    Attempt connection;

    String sessionId = "";
    int last;
    /// Made at a gateway whose map is old for good.
    int attempts;
    /// Guilds that it believes available, with the channels that it believes to see.
    final TreeMap<Long, TreeMap<Long, String>> guilds = new TreeMap<>();

    Client(int number, long user, long intents, boolean content, @Nullable ClientShard clientShard) {
        this.number = number;
        this.user = user;
        this.intents = intents;
        this.content = content;
        this.clientShard = clientShard;
    }

    boolean wants(long anyOf) {
        return anyOf == 0 || (intents & anyOf) != 0;
    }

    boolean holds(long guild) {
        return clientShard == null || clientShard.holds(guild);
    }

    boolean shardZero() {
        return clientShard == null || clientShard.id() == 0;
    }

    void forget() {
        sessionId = "";
        last = 0;
        guilds.clear();
    }

    static String name(String sessionId) {
        var id = SessionId.parse(sessionId).orElseThrow(() -> new Violation("session id " + sessionId));
        return id.shard() + "@" + id.offset();
    }

    void receive(int sequence, String type, byte[] data) {
        if (sequence != last + 1) {
            throw new Violation("client " + number + " got s " + sequence + " after " + last + ": " + type);
        }
        last = sequence;
        received.addDispatch(sequence, type, data);
        var words = Words.of(type, data);
        if (type.equals("READY")) {
            sessionId = words.readySession();
        }
        history.computeIfAbsent(name(sessionId), key -> new ArrayList<>())
                .add(new Received(sequence, type, words.guild(), words.text()));
        believe(type, words);
    }

    private void believe(String type, Words words) {
        long guild = words.guild();
        switch (type) {
            case "GUILD_CREATE" -> guilds.put(guild, words.channels());
            case "GUILD_DELETE" -> guilds.remove(guild);
            case "READY", "DM", "SETTINGS" -> {}
            default -> {
                if (!wants(Intents.GUILDS)) {
                    return;
                }
                var known = guilds.get(guild);
                if (known == null) {
                    throw new Violation("client " + number + " got " + words.text() + " of a guild not available");
                }
                switch (type) {
                    case "CHANNEL_CREATE", "CHANNEL_UPDATE" -> known.put(words.channel(), words.name());
                    case "CHANNEL_DELETE" -> known.remove(words.channel());
                    case "MESSAGE_CREATE", "TYPING_START" -> {
                        if (!known.containsKey(words.channel())) {
                            throw new Violation("client " + number + " got " + words.text() + " of a hidden channel");
                        }
                    }
                    default -> {}
                }
            }
        }
    }
}
