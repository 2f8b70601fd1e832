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

/// At rest: what clients received against what the logs, read without failures, say that they must have received.
final class FinalCheck {
    private record UserSaid(String words, long atMillis, boolean shardZeroOnly, long intents, List<Long> users) {}

    private final WholePath path;
    private final Map<Long, ReadGuild> guilds = new HashMap<>();
    private final Map<String, List<GuildReading.Expected>> expected = new HashMap<>();
    private final Map<String, List<Long>> holes = new HashMap<>();
    private final Map<String, List<Long>> left = new HashMap<>();
    private final Map<Long, Integer> requests = new HashMap<>();
    private final List<List<Long>> requestOrders = new ArrayList<>();

    FinalCheck(WholePath path) {
        this.path = path;
    }

    void run() {
        var everyone = new HashMap<String, ReadGuild.Listener>();
        for (var client : path.connections.clients) {
            for (var session : client.history.keySet()) {
                everyone.put(session, new ReadGuild.Listener(session, client.user, client.intents, client.content));
            }
        }
        for (int i = 0; i < path.limits.topology().guildShards(); i++) {
            var reading = new GuildReading(everyone);
            reading.read(path.installation.log(ShardId.guild(i)));
            guilds.putAll(reading.guilds);
            expected.putAll(reading.expected);
            holes.putAll(reading.holes);
            left.putAll(reading.left);
            reading.requests.forEach((nonce, times) -> requests.merge(nonce, times, Integer::sum));
            requestOrders.add(reading.requestOrder);
        }
        backendAgrees();
        var said = userEvents();
        for (var client : path.connections.clients) {
            client.history.forEach((session, history) -> {
                boolean last = !client.sessionId.isEmpty() && session.equals(Client.name(client.sessionId));
                for (long guild : path.backend.guilds()) {
                    guildEvents(client, session, history, guild, last);
                }
                typing(client, session, history);
                targeted(client, session, history, said, last);
            });
            believes(client);
        }
        commands();
        subscriptionsOfTheLiving();
    }

    private void backendAgrees() {
        for (long id : path.backend.guilds()) {
            if (!guilds.get(id).members.keySet().equals(path.backend.members(id))) {
                throw new Violation("guild " + id + ": the log says members "
                        + guilds.get(id).members.keySet() + ", the backend " + path.backend.members(id));
            }
        }
    }

    private static boolean durable(Client.Received received) {
        return !received.type().equals("TYPING_START") && !received.type().equals("GUILD_DELETE");
    }

    private void guildEvents(Client client, String session, List<Client.Received> history, long guild, boolean last) {
        var got = history.stream()
                .filter(each -> each.guild() == guild && durable(each))
                .map(Client.Received::words)
                .toList();
        var want = expected.getOrDefault(GuildReading.key(session, guild), List.of());
        for (int i = 0; i < got.size(); i++) {
            if (i >= want.size() || !got.get(i).equals(want.get(i).words())) {
                throw new Violation("client " + client.number + " session " + session + " guild " + guild + " at " + i
                        + ": got " + got.get(i) + ", expected " + (i < want.size() ? want.get(i) : "nothing more"));
            }
        }
        if (last && got.size() < want.size()) {
            throw new Violation("client " + client.number + " session " + session + " guild " + guild + ": lacks "
                    + want.get(got.size()) + ", the " + got.size() + ". of " + want.size());
        }
        path.ledger.counts.merge("events compared", got.size(), Integer::sum);
        if (client.wants(Intents.GUILDS)) {
            noHoles(client, session, history, guild, want, last);
        }
    }

    /// From GUILD_CREATE to GUILD_DELETE nothing visible happens while the session is not subscribed.
    private void noHoles(
            Client client,
            String session,
            List<Client.Received> history,
            long guild,
            List<GuildReading.Expected> want,
            boolean last) {
        var missed = holes.getOrDefault(GuildReading.key(session, guild), List.of());
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
                    long end = left.getOrDefault(client.user + " " + guild, List.of()).stream()
                            .filter(at -> at > from)
                            .findFirst()
                            .orElse(Long.MAX_VALUE);
                    noHole(client, session, guild, missed, since, end);
                }
                since = -1;
                continue;
            }
            long at = want.get(next++).offset();
            if (each.type().equals("GUILD_CREATE")) {
                if (since >= 0) {
                    noHole(client, session, guild, missed, since, at);
                }
                since = at;
            }
            newest = at;
        }
        if (since >= 0) {
            noHole(client, session, guild, missed, since, last ? Long.MAX_VALUE : newest);
        }
    }

    private static void noHole(Client client, String session, long guild, List<Long> missed, long from, long to) {
        for (long at : missed) {
            if (at > from && at < to) {
                throw new Violation("client " + client.number + " session " + session + " guild " + guild
                        + " is not subscribed at " + at + ", between " + from + " and " + to);
            }
        }
    }

    private static void typing(Client client, String session, List<Client.Received> history) {
        var seen = new HashSet<String>();
        for (var each : history) {
            if (each.type().equals("TYPING_START") && !seen.add(each.words())) {
                throw new Violation("client " + client.number + " session " + session + " got twice " + each.words());
            }
        }
    }

    private List<UserSaid> userEvents() {
        var said = new ArrayList<UserSaid>();
        var seen = new HashSet<Long>();
        var log = path.installation.log(ShardId.user(0));
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
                    && !event.getType().equals(Throwing.POISON)) {
                said.add(new UserSaid(
                        event.getType() + " " + event.getPayload().toStringUtf8(),
                        log.at(offset).timestampMillis(),
                        event.getShardZeroOnly(),
                        event.getIntents(),
                        event.getUsersList()));
            }
        }
        return said;
    }

    private void targeted(
            Client client, String session, List<Client.Received> history, List<UserSaid> said, boolean last) {
        var got = history.stream()
                .filter(each -> each.type().equals("DM") || each.type().equals("SETTINGS"))
                .map(Client.Received::words)
                .toList();
        var mine = said.stream()
                .filter(each -> each.users().contains(client.user)
                        && client.wants(each.intents())
                        && (client.shardZero() || !each.shardZeroOnly()))
                .toList();
        var words = mine.stream().map(UserSaid::words).toList();
        int from = got.isEmpty() ? words.size() : words.indexOf(got.getFirst());
        if (from < 0
                || from + got.size() > words.size()
                || !words.subList(from, from + got.size()).equals(got)) {
            throw new Violation("client " + client.number + " session " + session + " got " + got + " of " + words);
        }
        if (last) {
            long opened = path.ledger.stand(client.sessionId).openedAtMillis;
            var must = mine.stream()
                    .filter(each -> each.atMillis() > opened)
                    .map(UserSaid::words)
                    .toList();
            if (got.size() < must.size()
                    || !got.subList(got.size() - must.size(), got.size()).equals(must)) {
                throw new Violation("client " + client.number + " session " + session + " got " + got
                        + ", published since it was opened: " + must);
            }
        }
    }

    private void believes(Client client) {
        if (!client.wants(Intents.GUILDS)) {
            return;
        }
        var truth = new TreeSet<Long>();
        guilds.forEach((id, guild) -> {
            if (guild.members.containsKey(client.user) && client.holds(id)) {
                truth.add(id);
                var sees = guild.visible(client.user);
                var believed = client.guilds.get(id);
                if (believed != null && !believed.keySet().equals(sees.keySet())) {
                    throw new Violation("client " + client.number + " believes to see " + believed + " of guild " + id
                            + ", sees " + sees);
                }
            }
        });
        if (!client.guilds.keySet().equals(truth)) {
            throw new Violation(
                    "client " + client.number + " believes in guilds " + client.guilds.keySet() + ", is in " + truth);
        }
    }

    private void commands() {
        Map<Long, Integer> rank = new HashMap<>();
        Map<Long, Long> of = new HashMap<>();
        for (var attempt : path.connections.attempts) {
            boolean missing = false;
            for (int i = 0; i < attempt.commands.size(); i++) {
                long nonce = attempt.commands.get(i);
                int times = requests.getOrDefault(nonce, 0);
                if (times > 1) {
                    throw new Violation("a command was applied " + times + " times: " + attempt);
                }
                if (times == 1 && missing) {
                    throw new Violation("a command was skipped: " + attempt);
                }
                missing |= times == 0;
                rank.put(nonce, i);
                of.put(nonce, attempt.attachId);
            }
            if (missing && attempt.alive && attempt.current()) {
                throw new Violation("a command of a living connection is lost: " + attempt);
            }
            path.ledger.counts.merge("commands", attempt.commands.size(), Integer::sum);
            if (attempt.alive && attempt.current() && attempt.lastPresence != 0) {
                presence(attempt);
            }
        }
        for (var order : requestOrders) {
            Map<Long, Integer> newest = new HashMap<>();
            for (long nonce : order) {
                int at = rank.getOrDefault(nonce, 0);
                var before = newest.put(of.getOrDefault(nonce, 0L), at);
                if (before != null && before >= at) {
                    throw new Violation("commands out of order");
                }
            }
        }
    }

    private void presence(Attempt attempt) {
        var machine = (SessionShard) path.shards
                .owners
                .get(path.limits.topology().sessionShard(attempt.client.user))
                .incarnation()
                .machine;
        var id =
                dev.guildcast.contract.SessionId.parse(attempt.client.sessionId).orElseThrow();
        var session = machine.sessions().at(id.offset());
        if (session == null || session.presence().getSince() != attempt.lastPresence) {
            throw new Violation("the last presence of " + attempt + " is not its session's");
        }
    }

    private void subscriptionsOfTheLiving() {
        path.shards.owners.forEach((shard, owner) -> {
            if (owner.incarnation().machine instanceof GuildShard machine) {
                for (long guild : path.backend.guilds()) {
                    machine.audience(guild)
                            .ifPresent(audience -> audience.users()
                                    .values()
                                    .forEach(sessions -> sessions.forEach(session -> {
                                        var host = (SessionShard) path.shards
                                                .owners
                                                .get(ShardId.session(session.shard()))
                                                .incarnation()
                                                .machine;
                                        if (host.sessions().at(session.offset()) == null) {
                                            throw new Violation(
                                                    "guild " + guild + " keeps a subscription of the dead session "
                                                            + session.shard() + "@" + session.offset());
                                        }
                                    })));
                }
            }
        });
        for (var client : path.connections.clients) {
            var machine = (SessionShard) path.shards
                    .owners
                    .get(path.limits.topology().sessionShard(client.user))
                    .incarnation()
                    .machine;
            for (long guild : path.backend.guilds()) {
                if (machine.isMember(client.user, guild)
                        != path.backend.members(guild).contains(client.user)) {
                    throw new Violation("the list of guilds of user " + client.user + " is wrong about " + guild);
                }
            }
        }
    }
}
