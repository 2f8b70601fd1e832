package dev.guildcast.system.simulation;

import com.google.protobuf.ByteString;
import dev.guildcast.contract.ClientShard;
import dev.guildcast.contract.Intents;
import dev.guildcast.delivery.v1.Close;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.delivery.v1.Presence;
import dev.guildcast.link.v1.Command;
import dev.guildcast.link.v1.MembersCommand;
import dev.guildcast.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Drives the clients: connects and disconnects them, and sends their commands.
final class ClientDriver {
    /// In nanoseconds.
    private static final long MILLI = 1_000_000;
    /// Older connections' requests have arrived or been lost by then.
    private static final int RECENT_CONNECTIONS_CHECKED = 4;
    /// All, all without a visibility-relevant one, and small sets, so that each rule has clients on both sides.
    private static final long[] INTENTS = {
        Intents.KNOWN,
        Intents.KNOWN,
        Intents.KNOWN & ~Intents.GUILD_MEMBERS,
        Intents.KNOWN & ~Intents.GUILDS,
        Intents.GUILDS | Intents.GUILD_MESSAGES | Intents.DIRECT_MESSAGES,
        Intents.GUILDS | Intents.GUILD_MESSAGE_TYPING
    };

    /// 8 s, and the time until a gateway's timers run twice.
    private static final long UNREACHABLE_NANOS_MAX = 10_500_000_000L;

    private final DeliverySimulation simulation;
    private final Random random;
    final List<SimulatedClient> clients = new ArrayList<>();
    final List<ClientConnection> connections = new ArrayList<>();
    private final List<ClientConnection> halfOpen = new ArrayList<>();
    private long lastId;
    private long lastNonce;

    ClientDriver(DeliverySimulation simulation, Random random, List<Long> users) {
        this.simulation = simulation;
        this.random = random;
        for (long user : users) {
            boolean bot = random.nextInt(4) == 0;
            for (int i = random.nextInt(2); i >= 0; i--) {
                clients.add(new SimulatedClient(
                        clients.size(),
                        user,
                        INTENTS[random.nextInt(INTENTS.length)],
                        random.nextBoolean(),
                        bot ? new ClientShard(random.nextInt(2), 2) : null));
            }
        }
    }

    /// No client is connected to a session that its gateway cannot reach for long.
    void checkSilence() {
        for (var client : clients) {
            var connection = client.connection;
            if (connection == null
                    || !connection.alive
                    || !connection.established
                    || connection.parked
                    || connection.session == null) {
                continue;
            }
            long silence = connection.gateway.unreachableNanos(connection.session);
            if (silence > UNREACHABLE_NANOS_MAX) {
                throw new InvariantViolation(
                        "a client was kept for " + silence / 1_000_000 + " ms without its session: " + connection);
            }
        }
    }

    // ---- actions of one client

    void act(SimulatedClient client) {
        var connection = client.connection;
        if (connection == null) {
            connect(client);
            return;
        }
        int roll = random.nextInt(100);
        if (roll < 22) {
            loseConnection(client);
        } else if (roll < 24) {
            endSession(client);
        } else if (roll < 32 && connection.alive && connection.session != null) {
            if (connection.parked) {
                connection.session.unpark();
            } else {
                simulation.invariants.count("parked");
                connection.session.park();
            }
            connection.parked = !connection.parked;
        } else {
            sendCommand(client);
        }
    }

    void connect(SimulatedClient client) {
        int index = random.nextInt(SimulatedGateways.COUNT);
        if (simulation.gateways.hasFrozenMap(index) && client.staleGatewayConnects++ > 2) {
            index = 1 + random.nextInt(SimulatedGateways.COUNT - 1);
        }
        connect(client, index);
    }

    private void connect(SimulatedClient client, int index) {
        var gateway = simulation.gateways.at(index);
        int shard = simulation.config.topology().sessionShard(client.user).index();
        boolean resume = !client.sessionId.isEmpty();
        var connection = new ClientConnection(client, gateway, index, ++lastId, resume, simulation.invariants);
        connection.contended = hasPendingAttach(client);
        client.connection = connection;
        connections.add(connection);
        if (resume) {
            connection.session = gateway.resume(
                    shard, connection.attachId, client.user, client.sessionId, client.lastSequence, connection);
        } else {
            connection.session = gateway.identify(openRequest(client, connection.attachId), shard, connection);
        }
        gateway.countFrom(connection.session, client.lastSequence);
    }

    /// Whether the client has recently abandoned a connection whose attach request may still be in flight to an owner:
    /// if it arrives after that of the next connection, it becomes the last attach.
    private boolean hasPendingAttach(SimulatedClient client) {
        int checked = 0;
        for (var earlier : connections.reversed()) {
            if (earlier.client == client) {
                if (earlier.resume && !earlier.established) {
                    return true;
                }
                if (++checked == RECENT_CONNECTIONS_CHECKED) {
                    return false;
                }
            }
        }
        return false;
    }

    private Open.Builder openRequest(SimulatedClient client, long attachId) {
        var open = Open.newBuilder()
                .setRequest(++lastId)
                .setAttachId(attachId)
                .setUserId(client.user)
                .setUser(ByteString.copyFromUtf8("{\"id\":\"" + client.user + "\"}"))
                .setIntents(client.intents)
                .setContent(client.messageContent)
                .setVersion(10)
                .setEncoding("json")
                .setLargeThreshold(50)
                .setResumeUrl("wss://gateway.test");
        if (client.clientShard != null) {
            open.setBot(true).setShardId(client.clientShard.id()).setShardCount(client.clientShard.count());
        }
        return open;
    }

    boolean receive(SimulatedClient client) {
        var connection = client.connection;
        var item = connection == null ? null : connection.socket.poll();
        if (connection == null || item == null) {
            return false;
        }
        switch (item) {
            case ClientConnection.Dispatch dispatch -> {
                client.receive(dispatch.sequence(), dispatch.type(), dispatch.data());
                simulation.invariants.count(dispatch.type());
            }
            case ClientConnection.Resumed resumed ->
                simulation.invariants.onResumed(connection, resumed.sequence(), client.lastSequence);
            case ClientConnection.InvalidSession invalidSession -> {
                client.forgetSession();
                client.connection = null;
            }
            case ClientConnection.Close close -> {
                simulation.invariants.count("closed: " + close.reason());
                client.connection = null;
            }
        }
        return true;
    }

    /// The client loses its socket; its gateway may not notice for a long time.
    private void loseConnection(SimulatedClient client) {
        var connection = client.connection;
        while (random.nextBoolean() && receive(client)) {
            // Frames that had arrived before the loss.
        }
        if (connection == null || client.connection != connection) {
            return;
        }
        client.connection = null;
        if (connection.alive && random.nextBoolean()) {
            simulation.invariants.count("half open");
            connection.halfOpen = true;
            connection.halfOpenUntil = simulation.nanoTime()
                    + (1 + random.nextInt(simulation.config.highChurn() ? 15_000 : 5_000)) * MILLI;
            halfOpen.add(connection);
        } else {
            detach(connection, false);
        }
    }

    /// The client disconnects, and its gateway notices at once.
    void disconnect(SimulatedClient client) {
        var connection = client.connection;
        if (connection != null) {
            client.connection = null;
            detach(connection, false);
        }
    }

    void connectIfAbsent(SimulatedClient client, int gateway) {
        if (client.connection == null) {
            connect(client, gateway);
        }
    }

    private static void detach(ClientConnection connection, boolean end) {
        if (connection.alive && connection.session != null) {
            connection.alive = false;
            connection.session.detach(end);
        }
    }

    private void endSession(SimulatedClient client) {
        var connection = client.connection;
        if (connection != null && connection.alive) {
            simulation.invariants.count("hang-ups");
            client.connection = null;
            detach(connection, true);
            client.forgetSession();
        }
    }

    /// Presence updates that the protocol permits a session in 20 s.
    private static final int PRESENCES_MAX = 5;

    private void sendCommand(SimulatedClient client) {
        var connection = client.connection;
        if (connection == null || !connection.alive || connection.session == null) {
            return;
        }
        long nonce = ++lastNonce;
        if (random.nextInt(3) == 0) {
            // No more than the protocol permits at any rate of arrival, so that none is dropped.
            if (client.presences++ < PRESENCES_MAX
                    && connection.session.sendCommand(Command.newBuilder()
                            .setSetPresence(
                                    Presence.newBuilder().setStatus("idle").setSince(nonce)))) {
                connection.lastPresenceNonce = nonce;
            }
            return;
        }
        long guild = simulation.pick(simulation.backend.guilds());
        if (connection.session.sendCommand(Command.newBuilder()
                .setRequestMembers(MembersCommand.newBuilder()
                        .setGuildId(guild)
                        .addUserIds(Long.toString(client.user))
                        .setNonce(Long.toString(nonce))))) {
            connection.commandNonces.add(nonce);
        }
    }

    // ---- events

    void onGatewayCrash(int index) {
        for (var connection : connections) {
            if (connection.gatewayNumber == index) {
                connection.alive = false;
                while (random.nextBoolean() && connection.isCurrent() && !connection.socket.isEmpty()) {
                    receive(connection.client);
                }
                if (connection.client.connection == connection) {
                    connection.client.connection = null;
                }
            }
        }
    }

    /// Gateways detect half-open connections whose time has come.
    void detectHalfOpen() {
        for (var connection : List.copyOf(halfOpen)) {
            if (!connection.alive || connection.halfOpenUntil <= simulation.nanoTime()) {
                detach(connection, false);
                halfOpen.remove(connection);
            } else if (connection.resume && !connection.established) {
                var current = connection.client.connection;
                if (current != null) {
                    current.contended = true;
                }
            }
        }
    }

    void detectAllHalfOpen() {
        halfOpen.forEach(connection -> detach(connection, false));
        halfOpen.clear();
    }

    /// A session was closed: a connected session must not expire.
    void onClosed(ShardIncarnation by, Session session, Close.Reason reason) {
        if (reason != Close.Reason.EXPIRED || !by.live()) {
            return;
        }
        simulation.invariants.count("expired");
        String id = session.id().text();
        for (var client : clients) {
            var connection = client.connection;
            if (connection != null
                    && connection.alive
                    && connection.session != null
                    && connection.session.sessionId().equals(id)
                    && connection
                            .gateway
                            .attachedTo(connection.session)
                            .filter(by.node::equals)
                            .isPresent()
                    && simulation.gateways.stream(connection.gateway, by.node).isIdle()) {
                throw new InvariantViolation("a connected session expired: " + connection + " by " + by);
            }
        }
    }
}
