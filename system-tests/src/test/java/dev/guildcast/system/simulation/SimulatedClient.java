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
final class SimulatedClient {
    /// What a client was sent as `s`, in words that the oracle uses, too.
    record Received(int sequence, String type, long guild, String text) {}

    final int number;
    final long user;
    final long intents;
    final boolean messageContent;
    final @Nullable ClientShard clientShard;
    /// Of each session it ever had, by `shard@offset`.
    final Map<String, List<Received>> history = new LinkedHashMap<>();
    final HistoryDigest receivedDigest = new HistoryDigest();
    /// Offset and time of the log at which each was opened are read from its id.
    @Nullable
    ClientConnection connection;

    String sessionId = "";
    /// Presence updates of the session so far.
    int presences;
    int lastSequence;
    /// Made at a gateway whose map is old for good.
    int staleGatewayConnects;
    /// Guilds that it believes available, with the channels that it believes to see.
    final TreeMap<Long, TreeMap<Long, String>> guilds = new TreeMap<>();

    SimulatedClient(int number, long user, long intents, boolean messageContent, @Nullable ClientShard clientShard) {
        this.number = number;
        this.user = user;
        this.intents = intents;
        this.messageContent = messageContent;
        this.clientShard = clientShard;
    }

    boolean hasAnyIntent(long anyOf) {
        return anyOf == 0 || (intents & anyOf) != 0;
    }

    boolean receivesGuild(long guild) {
        return clientShard == null || clientShard.includes(guild);
    }

    boolean isShardZero() {
        return clientShard == null || clientShard.id() == 0;
    }

    void forgetSession() {
        sessionId = "";
        presences = 0;
        lastSequence = 0;
        guilds.clear();
    }

    static String sessionKey(String sessionId) {
        var id = SessionId.parse(sessionId).orElseThrow(() -> new InvariantViolation("session id " + sessionId));
        return id.shard() + "@" + id.offset();
    }

    void receive(int sequence, String type, byte[] data) {
        if (sequence != lastSequence + 1) {
            throw new InvariantViolation(
                    "client " + number + " got s " + sequence + " after " + lastSequence + ": " + type);
        }
        lastSequence = sequence;
        receivedDigest.addDispatch(sequence, type, data);
        var dispatchText = DispatchText.of(type, data);
        if (type.equals("READY")) {
            sessionId = dispatchText.readySession();
        }
        history.computeIfAbsent(sessionKey(sessionId), key -> new ArrayList<>())
                .add(new Received(sequence, type, dispatchText.guild(), dispatchText.text()));
        updateView(type, dispatchText);
    }

    private void updateView(String type, DispatchText dispatchText) {
        long guild = dispatchText.guild();
        switch (type) {
            case "GUILD_CREATE" -> guilds.put(guild, dispatchText.channels());
            case "GUILD_DELETE" -> guilds.remove(guild);
            case "READY", "DM", "SETTINGS" -> {}
            default -> {
                if (!hasAnyIntent(Intents.GUILDS)) {
                    return;
                }
                var known = guilds.get(guild);
                if (known == null) {
                    throw new InvariantViolation(
                            "client " + number + " got " + dispatchText.text() + " of a guild not available");
                }
                switch (type) {
                    case "CHANNEL_CREATE", "CHANNEL_UPDATE" -> known.put(dispatchText.channel(), dispatchText.name());
                    case "CHANNEL_DELETE" -> known.remove(dispatchText.channel());
                    case "MESSAGE_CREATE", "TYPING_START" -> {
                        if (!known.containsKey(dispatchText.channel())) {
                            throw new InvariantViolation(
                                    "client " + number + " got " + dispatchText.text() + " of a hidden channel");
                        }
                    }
                    default -> {}
                }
            }
        }
    }
}
