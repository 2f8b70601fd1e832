package dev.guildcast.system.simulation;

import com.google.protobuf.ByteString;
import dev.guildcast.contract.ClientShard;
import dev.guildcast.contract.Intents;
import dev.guildcast.contract.ShardId;
import dev.guildcast.delivery.v1.Close;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.delivery.v1.Presence;
import dev.guildcast.gateway.link.SimulatedGateway;
import dev.guildcast.link.v1.Command;
import dev.guildcast.link.v1.GatewayMessage;
import dev.guildcast.link.v1.MembersCommand;
import dev.guildcast.session.link.SimulatedHost;
import dev.guildcast.shard.memory.MemoryInstallation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// One run of the whole delivery path, all of it decided by a seed: backends publish, shards own and lose their logs,
/// gateways and clients come and go; then everything heals, and what clients hold is compared with what the logs say.
public final class WholePath implements SimulatedGateway.Network {
    private static final long MILLI = 1_000_000;
    private static final long START_MILLIS = 1_700_000_000_000L;
    private static final long[] INTENTS = {
        Intents.KNOWN,
        Intents.KNOWN,
        Intents.KNOWN & ~Intents.GUILD_MEMBERS,
        Intents.KNOWN & ~Intents.GUILDS,
        Intents.GUILDS | Intents.GUILD_MESSAGES | Intents.DIRECT_MESSAGES,
        Intents.GUILDS | Intents.GUILD_MESSAGE_TYPING
    };

    final Random random;
    final Limits limits;
    final MemoryInstallation installation;
    final Ledger ledger;
    final Shards shards;
    final Backend backend;
    final List<Client> clients = new ArrayList<>();
    final List<Attempt> attempts = new ArrayList<>();
    private final Set<Planted> planted;
    private final int steps;
    private final List<SimulatedGateway> gateways = new ArrayList<>();
    private final TreeMap<String, Wire> wires = new TreeMap<>();
    private final List<Attempt> left = new ArrayList<>();
    private final boolean[] deaf = new boolean[3];
    private long nanos = MILLI;
    private long ids;
    private long nonces;
    private boolean settling;

    WholePath(long seed, int steps, Set<Planted> planted) {
        // The first numbers of neighbouring seeds are alike otherwise.
        this.random = new Random(new SplittableRandom(seed).nextLong());
        this.steps = steps;
        this.planted = planted;
        this.limits = Limits.draw(random);
        this.installation = new MemoryInstallation(limits.topology(), this::wallMillis);
        this.ledger = new Ledger(limits, installation, this::wallMillis);
        var users = new ArrayList<Long>();
        for (long user = 1; user <= 2 + random.nextInt(4); user++) {
            users.add(user);
        }
        this.backend =
                new Backend(random, limits, installation, shard -> shardStalled(shard), users, 2 + random.nextInt(3));
        this.shards = new Shards(this, random, limits, installation, planted);
        for (int i = 0; i < 3; i++) {
            gateways.add(gateway());
            hearMap(i);
        }
        for (long user : users) {
            boolean bot = random.nextInt(4) == 0;
            for (int i = random.nextInt(2); i >= 0; i--) {
                clients.add(new Client(
                        clients.size(),
                        user,
                        INTENTS[random.nextInt(INTENTS.length)],
                        random.nextBoolean(),
                        bot ? new ClientShard(random.nextInt(2), 2) : null));
            }
        }
    }

    /// Runs one seed.
    ///
    /// @return what happened how often
    /// @throws RuntimeException if an invariant does not hold
    public static TreeMap<String, Integer> run(long seed, int steps, Set<Planted> planted) {
        SimulatedHost.takeFailures();
        var path = new WholePath(seed, steps, planted);
        for (int i = 0; i < steps; i++) {
            path.act();
            path.failures();
        }
        path.settle();
        path.failures();
        new FinalCheck(path).run();
        return path.ledger.counts;
    }

    /// Runs one seed, for callers that know these classes by name only.
    ///
    /// @return which invariant does not hold; empty if all do
    public static String verdict(long seed, int steps, String planted) {
        try {
            run(seed, steps, planted.isEmpty() ? Set.of() : Set.of(Planted.valueOf(planted)));
            return "";
        } catch (RuntimeException e) {
            return e.getClass().getSimpleName() + ": " + e.getMessage();
        }
    }

    private void failures() {
        var failures = SimulatedHost.takeFailures();
        if (!failures.isEmpty()) {
            throw new Violation("a desk failed: " + failures.getFirst());
        }
    }

    long nanos() {
        return nanos;
    }

    long wallMillis() {
        return START_MILLIS + nanos / MILLI;
    }

    private boolean shardStalled(ShardId shard) {
        return shards.stalled.contains(shard);
    }

    // ---- gateways and streams

    private SimulatedGateway gateway() {
        return new SimulatedGateway(this, random, this::nanos, !planted.contains(Planted.NO_SEQUENCE_CHECK));
    }

    private Wire wire(SimulatedGateway gateway, String node) {
        return wires.computeIfAbsent(name(gateway) + node, key -> new Wire(gateway, node, limits));
    }

    // A gateway under construction is the one that comes next.
    private String name(SimulatedGateway gateway) {
        int index = gateways.indexOf(gateway);
        return "g" + (index < 0 ? gateways.size() : index) + "-";
    }

    @Override
    public void wanted(SimulatedGateway gateway, String address) {
        wire(gateway, address);
    }

    @Override
    public void send(SimulatedGateway gateway, String address, GatewayMessage message) {
        wire(gateway, address).send(message);
    }

    private void hearMap(int gateway) {
        shards.owners.forEach((shard, owner) -> {
            if (shard.kind() == ShardId.Kind.SESSION) {
                gateways.get(gateway).owner(shard.index(), owner.incarnation().node, owner.epoch());
            }
        });
        gateways.get(gateway).mapChanged();
    }

    private void crashGateway(int index) {
        ledger.count("gateway crashes");
        for (var attempt : attempts) {
            if (attempt.gatewayNumber == index) {
                attempt.alive = false;
                while (random.nextBoolean() && attempt.current() && !attempt.socket.isEmpty()) {
                    receive(attempt.client);
                }
                if (attempt.client.connection == attempt) {
                    attempt.client.connection = null;
                }
            }
        }
        String prefix = "g" + index + "-";
        for (var wire : List.copyOf(wires.values())) {
            if (wire.gateway == gateways.get(index)) {
                wire.cut(0, true);
            }
        }
        wires.keySet().removeIf(key -> key.startsWith(prefix));
        gateways.set(index, gateway());
        hearMap(index);
    }

    private void stepWire(Wire wire, int most) {
        if (!wire.isUp()) {
            if (shards.isUp(wire.node) && (settling || random.nextInt(3) == 0)) {
                wire.connect(shards.host(wire));
            }
            return;
        }
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            wire.stepUp();
        }
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            wire.stepDown();
        }
    }

    // ---- clients

    private void connect(Client client) {
        int index = random.nextInt(gateways.size());
        if (deaf[index] && client.attempts++ > 2) {
            index = 1 + random.nextInt(2);
        }
        var gateway = gateways.get(index);
        int shard = limits.topology().sessionShard(client.user).index();
        boolean resume = !client.sessionId.isEmpty();
        var attempt = new Attempt(client, gateway, index, ++ids, resume, ledger);
        client.connection = attempt;
        attempts.add(attempt);
        if (resume) {
            attempt.line = gateway.resume(shard, attempt.attachId, client.user, client.sessionId, client.last, attempt);
        } else {
            attempt.line = gateway.identify(open(client, attempt.attachId), shard, attempt);
        }
        gateway.countFrom(attempt.line, client.last);
    }

    private Open.Builder open(Client client, long attachId) {
        var open = Open.newBuilder()
                .setRequest(++ids)
                .setAttachId(attachId)
                .setUserId(client.user)
                .setUser(ByteString.copyFromUtf8("{\"id\":\"" + client.user + "\"}"))
                .setIntents(client.intents)
                .setContent(client.content)
                .setVersion(10)
                .setEncoding("json")
                .setLargeThreshold(50)
                .setResumeUrl("wss://gateway.test");
        if (client.clientShard != null) {
            open.setBot(true).setShardId(client.clientShard.id()).setShardCount(client.clientShard.count());
        }
        return open;
    }

    private boolean receive(Client client) {
        var attempt = client.connection;
        var item = attempt == null ? null : attempt.socket.poll();
        if (attempt == null || item == null) {
            return false;
        }
        switch (item) {
            case Attempt.Dispatch dispatch -> {
                client.receive(dispatch.sequence(), dispatch.type(), dispatch.data());
                ledger.count(dispatch.type());
            }
            case Attempt.Resumed resumed -> ledger.onResumed(attempt, resumed.sequence(), client.last);
            case Attempt.Op9 op9 -> {
                client.forget();
                client.connection = null;
            }
            case Attempt.Close close -> {
                ledger.count("closed: " + close.why());
                client.connection = null;
            }
        }
        return true;
    }

    /// The client loses its socket; its gateway may not notice for long.
    private void drop(Client client) {
        var attempt = client.connection;
        while (random.nextBoolean() && receive(client)) {
            // What had arrived already.
        }
        if (attempt == null || client.connection != attempt) {
            return;
        }
        client.connection = null;
        if (attempt.alive && random.nextBoolean()) {
            ledger.count("half open");
            attempt.halfOpen = true;
            attempt.halfOpenUntil = nanos + (1 + random.nextInt(limits.hot() ? 15_000 : 5_000)) * MILLI;
            left.add(attempt);
        } else {
            leave(attempt, false);
        }
    }

    private static void leave(Attempt attempt, boolean end) {
        if (attempt.alive && attempt.line != null) {
            attempt.alive = false;
            attempt.line.detach(end);
        }
    }

    private void hangUp(Client client) {
        var attempt = client.connection;
        if (attempt != null && attempt.alive) {
            ledger.count("hang-ups");
            client.connection = null;
            leave(attempt, true);
            client.forget();
        }
    }

    private void command(Client client) {
        var attempt = client.connection;
        if (attempt == null || !attempt.alive || attempt.line == null) {
            return;
        }
        long nonce = ++nonces;
        if (random.nextInt(3) == 0) {
            if (attempt.line.command(Command.newBuilder()
                    .setSetPresence(Presence.newBuilder().setStatus("idle").setSince(nonce)))) {
                attempt.lastPresence = nonce;
            }
            return;
        }
        long guild = any(backend.guilds());
        if (attempt.line.command(Command.newBuilder()
                .setRequestMembers(MembersCommand.newBuilder()
                        .setGuildId(guild)
                        .addUserIds(Long.toString(client.user))
                        .setNonce(Long.toString(nonce))))) {
            attempt.commands.add(nonce);
        }
    }

    private void halfOpen() {
        for (var attempt : List.copyOf(left)) {
            if (!attempt.alive || attempt.halfOpenUntil <= nanos) {
                leave(attempt, false);
                left.remove(attempt);
            } else if (attempt.resume && !attempt.finished) {
                var now = attempt.client.connection;
                if (now != null) {
                    now.rivalled = true;
                }
            }
        }
    }

    /// A close was applied: nobody who is connected is expired.
    void closed(Incarnation by, Close close) {
        var machine = (dev.guildcast.session.shard.SessionShard) by.machine;
        var session = machine.closed();
        if (session == null || close.getReason() != Close.Reason.EXPIRED || !by.live()) {
            return;
        }
        ledger.count("expired");
        String id = session.id().text();
        for (var client : clients) {
            var attempt = client.connection;
            if (attempt != null
                    && attempt.alive
                    && attempt.line != null
                    && attempt.line.sessionId().equals(id)
                    && attempt.gateway
                            .attachedTo(attempt.line)
                            .filter(by.node::equals)
                            .isPresent()
                    && wire(attempt.gateway, by.node).isIdle()) {
                throw new Violation("a connected session expired: " + attempt + " by " + by);
            }
        }
    }

    // ---- one step

    void act() {
        nanos += random.nextInt(limits.stepMillis()) * MILLI;
        int x = random.nextInt(1_000);
        if (x < 300) {
            shards.turn(shards.all.get(random.nextInt(shards.all.size())));
        } else if (x < 520) {
            shards.arrive(true);
        } else if (x < 740) {
            if (!wires.isEmpty()) {
                stepWire(any(wires.values()), 6);
            }
            gateways.get(random.nextInt(3)).runTimers();
        } else if (x < 820) {
            var client = clients.get(random.nextInt(clients.size()));
            for (int i = random.nextInt(6); i > 0; i--) {
                receive(client);
            }
        } else if (x < (limits.hot() ? 880 : 850)) {
            behave(clients.get(random.nextInt(clients.size())));
        } else if (x < 950) {
            backend.happen();
            backend.publish();
            backend.publish();
        } else if (x < 970) {
            int gateway = random.nextInt(3);
            if (!deaf[gateway] && (!limits.staleMaps() || gateway == 0 || random.nextInt(8) == 0)) {
                hearMap(gateway);
            }
        } else if (x < 980) {
            shards.answerRead();
        } else if (x < 980 + (limits.hot() ? 14 : 7)) {
            fault();
        } else {
            shards.detect();
        }
        backend.publish();
        halfOpen();
    }

    private void behave(Client client) {
        var attempt = client.connection;
        if (attempt == null) {
            connect(client);
            return;
        }
        int x = random.nextInt(100);
        if (x < 22) {
            drop(client);
        } else if (x < 24) {
            hangUp(client);
        } else if (x < 32 && attempt.alive && attempt.line != null) {
            if (attempt.parked) {
                attempt.line.unpark();
            } else {
                ledger.count("parked");
                attempt.line.park();
            }
            attempt.parked = !attempt.parked;
        } else {
            command(client);
        }
    }

    private void fault() {
        int x = random.nextInt(100);
        if (x < 18) {
            var kind = random.nextInt(3) == 0 ? ShardId.Kind.GUILD : ShardId.Kind.SESSION;
            var up = List.copyOf(shards.nodesUp(kind));
            if (up.size() > 1) {
                crash(up.get(random.nextInt(up.size())));
            }
        } else if (x < 24) {
            crashGateway(random.nextInt(3));
        } else if (x < 40) {
            shards.heal();
        } else if (x < 54) {
            var shard = any(shards.owners.keySet());
            var old = shards.owners.get(shard);
            if (old != null && random.nextBoolean()) {
                old.incarnation().slowUntil = nanos + random.nextInt(limits.hot() ? 12_000 : 5_000) * MILLI;
            }
            if (random.nextInt(4) == 0) {
                shards.splitBrain(shard);
            } else {
                shards.assign(shard);
            }
            ledger.count("failovers for nothing");
        } else if (x < 68) {
            shards.followOrHandOver(any(shards.owners.keySet()));
        } else if (x < 84) {
            var one = shards.all.get(random.nextInt(shards.all.size()));
            long until = nanos + (20 + random.nextInt(6_000)) * MILLI;
            switch (random.nextInt(3)) {
                case 0 -> one.pausedUntil = until;
                case 1 -> one.slowUntil = until;
                default -> one.cutUntil = until;
            }
            ledger.count("hindered");
        } else if (x < 90) {
            if (!wires.isEmpty()) {
                any(wires.values()).cut(random.nextInt(5), false);
                ledger.count("streams cut");
            }
        } else if (x < 94) {
            shards.stalled.add(any(limits.topology().shards()));
        } else {
            shards.stalled.clear();
        }
    }

    private void crash(String node) {
        for (var wire : List.copyOf(wires.values())) {
            if (wire.node.equals(node)) {
                wire.cut(random.nextInt(5), false);
            }
        }
        shards.crashNode(node);
    }

    private <T> T any(Collection<T> all) {
        int index = random.nextInt(all.size());
        for (var each : all) {
            if (index-- == 0) {
                return each;
            }
        }
        throw new IllegalStateException("nothing to choose from");
    }

    // ---- until everything rests

    void settle() {
        settling = true;
        shards.heal();
        shards.stalled.clear();
        for (var attempt : List.copyOf(left)) {
            leave(attempt, false);
        }
        left.clear();
        backend.comeBack();
        for (var each : shards.all) {
            boolean forEver = limits.cutForEver() && each.shard.kind() == ShardId.Kind.SESSION && random.nextBoolean();
            each.pausedUntil = 0;
            each.slowUntil = 0;
            each.cutUntil = forEver ? Long.MAX_VALUE : 0;
            deaf[0] |= forEver;
        }
        int calm = 0;
        for (int round = 0; calm < 4; round++) {
            if (round == 400) {
                throw new Violation("no rest: " + unrest());
            }
            nanos += 150 * MILLI;
            shards.detect();
            for (int i = 0; i < 3; i++) {
                if (!deaf[i]) {
                    hearMap(i);
                }
                gateways.get(i).runTimers();
            }
            while (!backend.idle()) {
                backend.publish();
            }
            boolean moved = true;
            while (moved) {
                moved = false;
                while (shards.arrive(false)) {
                    moved = true;
                }
                for (var one : List.copyOf(shards.all)) {
                    moved |= shards.exhaust(one);
                }
                for (var wire : List.copyOf(wires.values())) {
                    if (!wire.isUp()) {
                        stepWire(wire, 0);
                    }
                    while (wire.stepUp() | wire.stepDown()) {
                        moved = true;
                    }
                }
                while (shards.answerRead()) {
                    moved = true;
                }
                for (var client : clients) {
                    while (receive(client)) {
                        moved = true;
                    }
                }
            }
            for (var client : clients) {
                var attempt = client.connection;
                if (attempt == null) {
                    connect(client);
                } else if (attempt.parked && attempt.line != null) {
                    attempt.parked = false;
                    attempt.line.unpark();
                }
            }
            calm = unrest().isEmpty() ? calm + 1 : 0;
        }
    }

    private String unrest() {
        for (var client : clients) {
            var attempt = client.connection;
            if (attempt == null || !attempt.alive || !attempt.finished || attempt.line == null) {
                return "client " + client.number + " has no session in hand";
            }
            var owner = shards.owners.get(limits.topology().sessionShard(client.user));
            if (owner == null
                    || attempt.gateway
                            .attachedTo(attempt.line)
                            .filter(owner.incarnation().node::equals)
                            .isEmpty()) {
                return attempt + " is not attached to the owner";
            }
        }
        for (var entry : shards.owners.entrySet()) {
            if (!entry.getValue().incarnation().live()) {
                return "not live: " + entry.getValue().incarnation() + " "
                        + entry.getValue().incarnation().process().stopReason();
            }
        }
        return "";
    }
}
