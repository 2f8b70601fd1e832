package dev.guildcast.system.simulation;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.contract.Intents;
import dev.guildcast.contract.ShardId;
import dev.guildcast.event.v1.UserRecord;
import dev.guildcast.fanout.shard.GuildShard;
import dev.guildcast.session.shard.SessionShard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// At quiescence: compares what clients received with what the logs, read without failures, require.
final class DeliveryVerifier {
    private record PublishedUserEvent(
            String text, long atMillis, boolean shardZeroOnly, long intents, List<Long> users) {}

    private final DeliverySimulation simulation;
    private final Map<Long, OracleGuild> guilds = new HashMap<>();
    private final Map<String, List<OracleExpectations.Expectation>> expected = new HashMap<>();
    private final Map<String, List<Long>> unsubscribedOffsets = new HashMap<>();
    private final Map<String, List<Long>> departures = new HashMap<>();
    private final Map<Long, Integer> requests = new HashMap<>();
    private final List<List<Long>> requestOrders = new ArrayList<>();

    DeliveryVerifier(DeliverySimulation simulation) {
        this.simulation = simulation;
    }

    void run() {
        var subscribers = new HashMap<String, OracleGuild.Subscriber>();
        for (var client : simulation.clientDriver.clients) {
            for (var session : client.history.keySet()) {
                subscribers.put(
                        session,
                        new OracleGuild.Subscriber(session, client.user, client.intents, client.messageContent));
            }
        }
        for (int i = 0; i < simulation.config.topology().guildShards(); i++) {
            var oracle = new GuildLogOracle(subscribers);
            oracle.read(simulation.installation.log(ShardId.guild(i)));
            guilds.putAll(oracle.guilds);
            var expectations = oracle.expectations();
            expected.putAll(expectations.expected);
            unsubscribedOffsets.putAll(expectations.unsubscribedOffsets);
            departures.putAll(expectations.departures);
            oracle.memberRequests.forEach((nonce, times) -> requests.merge(nonce, times, Integer::sum));
            requestOrders.add(oracle.memberRequestOrder);
        }
        verifyBackendMembers();
        var published = readUserEvents();
        for (var client : simulation.clientDriver.clients) {
            client.history.forEach((session, history) -> {
                boolean last =
                        !client.sessionId.isEmpty() && session.equals(SimulatedClient.sessionKey(client.sessionId));
                for (long guild : simulation.backend.guilds()) {
                    verifyGuildEvents(client, session, history, guild, last);
                }
                verifyTyping(client, session, history);
                verifyUserEvents(client, session, history, published, last);
            });
            verifyClientView(client);
        }
        verifyCommands();
        verifySubscriptions();
    }

    private void verifyBackendMembers() {
        for (long id : simulation.backend.guilds()) {
            if (!guilds.get(id).members.keySet().equals(simulation.backend.members(id))) {
                throw new InvariantViolation("guild " + id + ": members in the log are "
                        + guilds.get(id).members.keySet() + ", at the backend " + simulation.backend.members(id));
            }
        }
    }

    private static boolean isDurable(SimulatedClient.Received received) {
        return !received.type().equals("TYPING_START") && !received.type().equals("GUILD_DELETE");
    }

    private void verifyGuildEvents(
            SimulatedClient client, String session, List<SimulatedClient.Received> history, long guild, boolean last) {
        var received = history.stream()
                .filter(each -> each.guild() == guild && isDurable(each))
                .map(SimulatedClient.Received::text)
                .toList();
        var wanted = expected.getOrDefault(OracleExpectations.key(session, guild), List.of());
        for (int i = 0; i < received.size(); i++) {
            if (i >= wanted.size() || !received.get(i).equals(wanted.get(i).text())) {
                throw new InvariantViolation("client " + client.number + " session " + session + " guild " + guild
                        + " at " + i + ": got " + received.get(i) + ", expected "
                        + (i < wanted.size() ? wanted.get(i) : "no further event"));
            }
        }
        if (last && received.size() < wanted.size()) {
            throw new InvariantViolation("client " + client.number + " session " + session + " guild " + guild
                    + ": lacks " + wanted.get(received.size()) + ", the " + received.size() + ". of " + wanted.size());
        }
        simulation.invariants.counts.merge("events compared", received.size(), Integer::sum);
        if (client.hasAnyIntent(Intents.GUILDS)) {
            verifySubscribedThroughout(client, session, history, guild, wanted, last);
        }
    }

    /// Between GUILD_CREATE and GUILD_DELETE no visible event may be applied while the session is not subscribed.
    private void verifySubscribedThroughout(
            SimulatedClient client,
            String session,
            List<SimulatedClient.Received> history,
            long guild,
            List<OracleExpectations.Expectation> wanted,
            boolean last) {
        var missed = unsubscribedOffsets.getOrDefault(OracleExpectations.key(session, guild), List.of());
        if (missed.isEmpty()) {
            return;
        }
        long since = -1;
        long newest = 0;
        int next = 0;
        for (var each : history) {
            if (each.guild() != guild || each.type().equals("TYPING_START")) {
                continue;
            }
            if (each.type().equals("GUILD_DELETE")) {
                if (since >= 0) {
                    long from = since;
                    long end = departures.getOrDefault(client.user + " " + guild, List.of()).stream()
                            .filter(at -> at > from)
                            .findFirst()
                            .orElse(Long.MAX_VALUE);
                    verifySubscribedBetween(client, session, guild, missed, since, end);
                }
                since = -1;
                continue;
            }
            long at = wanted.get(next++).offset();
            if (each.type().equals("GUILD_CREATE")) {
                if (since >= 0) {
                    verifySubscribedBetween(client, session, guild, missed, since, at);
                }
                since = at;
            }
            newest = at;
        }
        if (since >= 0) {
            verifySubscribedBetween(client, session, guild, missed, since, last ? Long.MAX_VALUE : newest);
        }
    }

    private static void verifySubscribedBetween(
            SimulatedClient client, String session, long guild, List<Long> missed, long from, long to) {
        for (long at : missed) {
            if (at > from && at < to) {
                throw new InvariantViolation("client " + client.number + " session " + session + " guild " + guild
                        + " is not subscribed at " + at + ", between " + from + " and " + to);
            }
        }
    }

    private static void verifyTyping(SimulatedClient client, String session, List<SimulatedClient.Received> history) {
        var seen = new HashSet<String>();
        for (var each : history) {
            if (each.type().equals("TYPING_START") && !seen.add(each.text())) {
                throw new InvariantViolation(
                        "client " + client.number + " session " + session + " got twice " + each.text());
            }
        }
    }

    private List<PublishedUserEvent> readUserEvents() {
        var published = new ArrayList<PublishedUserEvent>();
        var seen = new HashSet<Long>();
        var log = simulation.installation.log(ShardId.user(0));
        for (long offset = 0; offset < log.end(); offset++) {
            UserRecord record;
            try {
                record = UserRecord.parseFrom(log.at(offset).record());
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
            }
            var event = record.getEvent();
            if (record.hasEvent()
                    && seen.add(event.getPublication().getSequence())
                    && !event.getType().equals(FaultyMachine.POISON)) {
                published.add(new PublishedUserEvent(
                        event.getType() + " " + event.getPayload().toStringUtf8(),
                        log.at(offset).timestampMillis(),
                        event.getShardZeroOnly(),
                        event.getIntents(),
                        event.getUsersList()));
            }
        }
        return published;
    }

    private void verifyUserEvents(
            SimulatedClient client,
            String session,
            List<SimulatedClient.Received> history,
            List<PublishedUserEvent> published,
            boolean last) {
        var received = history.stream()
                .filter(each -> each.type().equals("DM") || each.type().equals("SETTINGS"))
                .map(SimulatedClient.Received::text)
                .toList();
        var entitled = published.stream()
                .filter(each -> each.users().contains(client.user)
                        && client.hasAnyIntent(each.intents())
                        && (client.isShardZero() || !each.shardZeroOnly()))
                .toList();
        var texts = entitled.stream().map(PublishedUserEvent::text).toList();
        int from = received.isEmpty() ? texts.size() : texts.indexOf(received.getFirst());
        if (from < 0
                || from + received.size() > texts.size()
                || !texts.subList(from, from + received.size()).equals(received)) {
            throw new InvariantViolation(
                    "client " + client.number + " session " + session + " got " + received + " of " + texts);
        }
        if (last) {
            long opened = simulation.invariants.session(client.sessionId).openedAtMillis;
            var required = entitled.stream()
                    .filter(each -> each.atMillis() > opened)
                    .map(PublishedUserEvent::text)
                    .toList();
            if (received.size() < required.size()
                    || !received.subList(received.size() - required.size(), received.size())
                            .equals(required)) {
                throw new InvariantViolation("client " + client.number + " session " + session + " got " + received
                        + ", published since it was opened: " + required);
            }
        }
    }

    private void verifyClientView(SimulatedClient client) {
        if (!client.hasAnyIntent(Intents.GUILDS)) {
            return;
        }
        var actual = new TreeSet<Long>();
        guilds.forEach((id, guild) -> {
            if (guild.members.containsKey(client.user) && client.receivesGuild(id)) {
                actual.add(id);
                var visible = guild.visibleChannels(client.user);
                var believed = client.guilds.get(id);
                if (believed != null && !believed.keySet().equals(visible.keySet())) {
                    throw new InvariantViolation("client " + client.number + " considers visible " + believed
                            + " of guild " + id + ", visible are " + visible);
                }
            }
        });
        if (!client.guilds.keySet().equals(actual)) {
            throw new InvariantViolation(
                    "client " + client.number + " assumes guilds " + client.guilds.keySet() + ", is in " + actual);
        }
    }

    private void verifyCommands() {
        Map<Long, Integer> rank = new HashMap<>();
        Map<Long, Long> attachIds = new HashMap<>();
        for (var connection : simulation.clientDriver.connections) {
            boolean missing = false;
            for (int i = 0; i < connection.commandNonces.size(); i++) {
                long nonce = connection.commandNonces.get(i);
                int times = requests.getOrDefault(nonce, 0);
                if (times > 1) {
                    throw new InvariantViolation("a command was applied " + times + " times: " + connection);
                }
                if (times == 1 && missing) {
                    throw new InvariantViolation("a command was skipped: " + connection);
                }
                missing |= times == 0;
                rank.put(nonce, i);
                attachIds.put(nonce, connection.attachId);
            }
            if (missing && connection.alive && connection.isCurrent()) {
                throw new InvariantViolation("a command of an open connection is lost: " + connection);
            }
            simulation.invariants.counts.merge("commands", connection.commandNonces.size(), Integer::sum);
            if (connection.alive && connection.isCurrent() && connection.lastPresenceNonce != 0) {
                verifyPresence(connection);
            }
        }
        for (var order : requestOrders) {
            Map<Long, Integer> newest = new HashMap<>();
            for (long nonce : order) {
                int at = rank.getOrDefault(nonce, 0);
                var previous = newest.put(attachIds.getOrDefault(nonce, 0L), at);
                if (previous != null && previous >= at) {
                    throw new InvariantViolation("commands out of order");
                }
            }
        }
    }

    private void verifyPresence(ClientConnection connection) {
        var machine = (SessionShard) simulation
                .cluster
                .owners
                .get(simulation.config.topology().sessionShard(connection.client.user))
                .incarnation()
                .machine;
        var id = dev.guildcast.contract.SessionId.parse(connection.client.sessionId)
                .orElseThrow();
        var session = machine.sessions().at(id.offset());
        if (session == null || session.presence().getSince() != connection.lastPresenceNonce) {
            throw new InvariantViolation("the last presence of " + connection + " is not its session's");
        }
    }

    private void verifySubscriptions() {
        simulation.cluster.owners.forEach((shard, owner) -> {
            if (owner.incarnation().machine instanceof GuildShard machine) {
                for (long guild : simulation.backend.guilds()) {
                    machine.audience(guild)
                            .ifPresent(audience -> audience.users()
                                    .values()
                                    .forEach(sessions -> sessions.forEach(session -> {
                                        var host = (SessionShard) simulation
                                                .cluster
                                                .owners
                                                .get(ShardId.session(session.shard()))
                                                .incarnation()
                                                .machine;
                                        if (host.sessions().at(session.offset()) == null) {
                                            throw new InvariantViolation(
                                                    "guild " + guild + " keeps a subscription of the ended session "
                                                            + session.shard() + "@" + session.offset());
                                        }
                                    })));
                }
            }
        });
        for (var client : simulation.clientDriver.clients) {
            var machine = (SessionShard) simulation
                    .cluster
                    .owners
                    .get(simulation.config.topology().sessionShard(client.user))
                    .incarnation()
                    .machine;
            for (long guild : simulation.backend.guilds()) {
                if (machine.isMember(client.user, guild)
                        != simulation.backend.members(guild).contains(client.user)) {
                    throw new InvariantViolation(
                            "the list of guilds of user " + client.user + " is wrong about " + guild);
                }
            }
        }
    }
}
