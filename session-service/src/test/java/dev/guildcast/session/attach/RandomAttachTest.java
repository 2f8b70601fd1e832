package dev.guildcast.session.attach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.SessionId;
import dev.guildcast.delivery.v1.Presence;
import dev.guildcast.link.v1.Command;
import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.session.testing.TestLog;
import dev.guildcast.session.testing.TestRecords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Clients that connect, break and resume at random while owners change: each sees its dispatches once and in order.
class RandomAttachTest {
    private static final int STEPS = 500;

    @Test
    void everyClientSeesItsDispatchesOnceAndInOrder() {
        long seed = Long.getLong("seed", System.nanoTime());
        int resumed = 0;
        for (int run = 0; run < 60; run++) {
            resumed += new World(seed + run).run();
        }
        assertThat(resumed).as("seed %d", seed).isGreaterThan(100);
    }

    private static final class World {
        final long seed;
        final Random random;
        final TestLog log = new TestLog();
        final List<FrontendHarness> hosts = new ArrayList<>();
        final List<Client> clients = new ArrayList<>();
        long ids = 100;
        int resumes;

        World(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            newOwner();
            for (long user = 1; user <= 3; user++) {
                clients.add(new Client(this, user));
            }
        }

        int run() {
            for (int i = 0; i < STEPS; i++) {
                act();
            }
            settle();
            for (var client : clients) {
                assertThat(client.session)
                        .as("seed %d: user %d has no session", seed, client.user)
                        .isNotNull();
                var session = owner().machine.sessions().at(client.id().offset());
                assertThat(session).as("seed %d", seed).isNotNull();
                assertThat(client.last).as("seed %d", seed).isEqualTo(session.sequence());
                assertThat(session.attachId()).as("seed %d", seed).isEqualTo(client.connection().attachId);
                assertThat(session.presence().getStatus())
                        .as("seed %d", seed)
                        .isEqualTo(
                                client.connection().number == 0
                                        ? session.presence().getStatus()
                                        : client.status());
            }
            return resumes;
        }

        FrontendHarness owner() {
            return hosts.getLast();
        }

        void newOwner() {
            var host = new FrontendHarness(log, 1_000 + hosts.size(), 16_384);
            hosts.add(host);
            host.shard.claim();
        }

        void act() {
            int choice = random.nextInt(100);
            var client = clients.get(random.nextInt(clients.size()));
            if (choice < 30) {
                client.tick();
            } else if (choice < 55) {
                host(random.nextInt(hosts.size())).shard.step();
            } else if (choice < 65) {
                host(random.nextInt(hosts.size())).shard.runAction();
            } else if (choice < 70) {
                host(random.nextInt(hosts.size())).shard.run();
            } else if (choice < 85) {
                if (client.session != null) {
                    log.append(TestRecords.deliver(
                            1L << 22, "EVENT", "{}", client.id().offset()));
                }
            } else if (choice < 90) {
                client.disconnect(random.nextBoolean());
            } else if (choice < 93) {
                client.command();
            } else if (choice < 96) {
                client.stall();
            } else if (choice < 97) {
                owner().shard.setDisconnected(true);
            } else if (choice < 99) {
                hosts.forEach(host -> host.shard.setDisconnected(false));
            } else if (hosts.size() < 6) {
                newOwner();
            }
        }

        FrontendHarness host(int index) {
            return hosts.get(index);
        }

        void settle() {
            for (int i = 0; i < 60; i++) {
                for (var host : hosts) {
                    host.shard.setDisconnected(false);
                    host.shard.run();
                    host.nanos += Duration.ofMillis(100).toNanos();
                    host.shard.tick(host.nanos);
                    host.shard.run();
                }
                for (var client : clients) {
                    client.tick();
                }
            }
        }
    }

    /// Presence updates that the protocol permits a session in 20 s.
    private static final int PRESENCES_MAX = 5;

    /// One connection of a client through a gateway of its own, with the gateway's rules.
    private static final class Connection {
        final long attachId;
        final long handle;
        final boolean resume;
        boolean finished;
        boolean attachSent;
        long number;
        long sent;
        FrontendHarness.@Nullable Gateway stream;

        @Nullable
        FrontendHarness at;

        Connection(long id, boolean resume) {
            this.attachId = id;
            this.handle = id;
            this.resume = resume;
        }
    }

    private static final class Client {
        final World world;
        final long user;

        @Nullable
        SessionId session;

        /// Presence updates of the session so far.
        int presences;

        int last;

        @Nullable
        Connection connection;

        Client(World world, long user) {
            this.world = world;
            this.user = user;
        }

        SessionId id() {
            return Objects.requireNonNull(session);
        }

        Connection connection() {
            return Objects.requireNonNull(connection);
        }

        void tick() {
            if (connection == null) {
                connection = new Connection(world.ids++, session != null);
            }
            var current = connection;
            if (current.stream != null) {
                receive(current, current.stream);
            }
            if (connection != current) {
                return;
            }
            if (current.at != world.owner() || current.stream == null) {
                if (current.stream != null) {
                    current.stream.close();
                }
                current.at = world.owner();
                current.stream = world.owner().gateway();
                current.attachSent = false;
            }
            if (!current.attachSent) {
                sendAttach(current, current.stream);
            }
            while (current.finished && current.attachSent && current.sent < current.number) {
                current.sent++;
                current.stream.command(
                        id(),
                        Command.newBuilder()
                                .setHandle(current.handle)
                                .setAttachId(current.attachId)
                                .setNumber(current.sent)
                                .setSetPresence(
                                        Presence.newBuilder().setStatus(current.attachId + "/" + current.sent)));
            }
        }

        String status() {
            return connection().attachId + "/" + connection().number;
        }

        void sendAttach(Connection current, FrontendHarness.Gateway stream) {
            current.attachSent = true;
            current.sent = 0;
            if (!current.resume && !current.finished) {
                stream.open(current.handle, TestRecords.open(0, current.attachId, user), last);
            } else {
                stream.reattach(current.handle, id(), user, current.attachId, last, current.finished);
            }
        }

        void receive(Connection current, FrontendHarness.Gateway stream) {
            var messages = List.copyOf(stream.stream.sent);
            stream.stream.sent.clear();
            for (var message : messages) {
                on(current, message);
            }
        }

        private void on(Connection current, HostMessage message) {
            switch (message.getMessageCase()) {
                case OPENED ->
                    session =
                            SessionId.parse(message.getOpened().getSessionId()).orElseThrow();
                case BATCH -> {
                    for (var dispatch : message.getBatch().getDispatchesList()) {
                        for (int i = 0; i < dispatch.getHandlesCount(); i++) {
                            dispatched(current, dispatch.getHandles(i), dispatch.getSequences(i));
                        }
                    }
                }
                case REPLAY_DONE -> {
                    if (!current.finished) {
                        current.finished = true;
                        world.resumes++;
                    }
                }
                case RETRY, PARKED, MOVED -> current.attachSent = false;
                case SUPERSEDED -> {
                    // The only other connections are earlier ones of the same client, which it has given up.
                    throw new AssertionError("seed " + world.seed + ": the only connection was superseded");
                }
                case INVALID, REFUSED, CLOSED ->
                    throw new AssertionError("seed " + world.seed + ": " + message.getMessageCase() + " is a bug");
                case HELLO, COMMAND_ACK, ATTACHMENT, PONG -> {}
                case MESSAGE_NOT_SET -> throw new AssertionError();
            }
        }

        private void dispatched(Connection current, long handle, int sequence) {
            assertThat(handle).as("seed %d", world.seed).isEqualTo(current.handle);
            if (sequence <= last) {
                return; // a repeat after a change of owner
            }
            assertThat(sequence).as("seed %d: a gap", world.seed).isEqualTo(last + 1);
            last = sequence;
            if (!current.resume) {
                current.finished = true;
            }
        }

        void command() {
            if (connection != null && connection.finished) {
                // No more than the protocol permits at any rate of arrival, so that none is dropped.
                if (presences < PRESENCES_MAX) {
                    presences++;
                    connection.number++;
                }
            }
        }

        void stall() {
            if (connection != null && connection.stream != null && session != null && connection.finished) {
                connection.stream.park(connection.handle, connection.attachId);
                connection.attachSent = false;
            }
        }

        void disconnect(boolean graceful) {
            var current = connection;
            if (current == null || current.stream == null) {
                return;
            }
            if (session == null && current.stream.stream.sent.stream().noneMatch(HostMessage::hasOpened)) {
                return; // nothing to resume yet: the same connection continues
            }
            // What was in flight to the client is lost with the connection.
            current.stream.stream.sent.removeIf(message -> !message.hasOpened());
            receive(current, current.stream);
            if (graceful) {
                current.stream.detach(current.handle, id(), current.attachId, false);
            } else {
                current.stream.close();
            }
            connection = null;
            if (last == 0) {
                // It never saw READY: it identifies again.
                session = null;
                presences = 0;
            }
        }
    }
}
