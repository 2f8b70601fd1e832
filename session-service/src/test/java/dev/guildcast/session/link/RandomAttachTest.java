package dev.guildcast.session.link;

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

/// Clients that come, break and return over owners that change, at random: each sees its dispatches once and in order.
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
        final List<LinkHarness> hosts = new ArrayList<>();
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
                        .as("seed %d: user %d asks in vain", seed, client.user)
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

        LinkHarness owner() {
            return hosts.getLast();
        }

        void newOwner() {
            var host = new LinkHarness(log, 1_000 + hosts.size(), 16_384);
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
                host(random.nextInt(hosts.size())).shard.act();
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
                owner().shard.cut(true);
            } else if (choice < 99) {
                hosts.forEach(host -> host.shard.cut(false));
            } else if (hosts.size() < 6) {
                newOwner();
            }
        }

        LinkHarness host(int index) {
            return hosts.get(index);
        }

        void settle() {
            for (int i = 0; i < 60; i++) {
                for (var host : hosts) {
                    host.shard.cut(false);
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

    /// One connection of a client through a gateway of its own, with the gateway's rules.
    private static final class Connection {
        final long attachId;
        final long handle;
        final boolean resume;
        boolean finished;
        boolean asked;
        long number;
        long sent;
        LinkHarness.@Nullable Gateway stream;

        @Nullable
        LinkHarness at;

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
            var now = connection;
            if (now.stream != null) {
                receive(now, now.stream);
            }
            if (connection != now) {
                return;
            }
            if (now.at != world.owner() || now.stream == null) {
                if (now.stream != null) {
                    now.stream.close();
                }
                now.at = world.owner();
                now.stream = world.owner().gateway();
                now.asked = false;
            }
            if (!now.asked) {
                ask(now, now.stream);
            }
            while (now.finished && now.asked && now.sent < now.number) {
                now.sent++;
                now.stream.command(
                        id(),
                        Command.newBuilder()
                                .setHandle(now.handle)
                                .setAttachId(now.attachId)
                                .setNumber(now.sent)
                                .setSetPresence(Presence.newBuilder().setStatus(now.attachId + "/" + now.sent)));
            }
        }

        String status() {
            return connection().attachId + "/" + connection().number;
        }

        void ask(Connection now, LinkHarness.Gateway stream) {
            now.asked = true;
            now.sent = 0;
            if (!now.resume && !now.finished) {
                stream.open(now.handle, TestRecords.open(0, now.attachId, user), last);
            } else {
                stream.reattach(now.handle, id(), user, now.attachId, last, now.finished);
            }
        }

        void receive(Connection now, LinkHarness.Gateway stream) {
            var messages = List.copyOf(stream.stream.sent);
            stream.stream.sent.clear();
            for (var message : messages) {
                on(now, message);
            }
        }

        private void on(Connection now, HostMessage message) {
            switch (message.getMessageCase()) {
                case OPENED ->
                    session =
                            SessionId.parse(message.getOpened().getSessionId()).orElseThrow();
                case BATCH -> {
                    for (var dispatch : message.getBatch().getDispatchesList()) {
                        for (int i = 0; i < dispatch.getHandlesCount(); i++) {
                            dispatched(now, dispatch.getHandles(i), dispatch.getSequences(i));
                        }
                    }
                }
                case REPLAY_DONE -> {
                    if (!now.finished) {
                        now.finished = true;
                        world.resumes++;
                    }
                }
                case RETRY, PARKED, MOVED -> now.asked = false;
                case SUPERSEDED -> {
                    // Its only rival is a connection of the same client that it has given up.
                    throw new AssertionError("seed " + world.seed + ": the only connection was superseded");
                }
                case INVALID, REFUSED, CLOSED ->
                    throw new AssertionError("seed " + world.seed + ": " + message.getMessageCase() + " is not owed");
                case HELLO, COMMAND_ACK, ATTACHMENT -> {}
                case MESSAGE_NOT_SET -> throw new AssertionError();
            }
        }

        private void dispatched(Connection now, long handle, int sequence) {
            assertThat(handle).as("seed %d", world.seed).isEqualTo(now.handle);
            if (sequence <= last) {
                return; // a repeat after a change of owner
            }
            assertThat(sequence).as("seed %d: a gap", world.seed).isEqualTo(last + 1);
            last = sequence;
            if (!now.resume) {
                now.finished = true;
            }
        }

        void command() {
            if (connection != null && connection.finished) {
                connection.number++;
            }
        }

        void stall() {
            if (connection != null && connection.stream != null && session != null && connection.finished) {
                connection.stream.park(connection.handle, connection.attachId);
                connection.asked = false;
            }
        }

        void disconnect(boolean told) {
            var now = connection;
            if (now == null || now.stream == null) {
                return;
            }
            if (session == null && now.stream.stream.sent.stream().noneMatch(HostMessage::hasOpened)) {
                return; // nothing to resume yet: the same connection goes on
            }
            // What was on its way to the client is lost with the connection.
            now.stream.stream.sent.removeIf(message -> !message.hasOpened());
            receive(now, now.stream);
            if (told) {
                now.stream.detach(now.handle, id(), now.attachId, false);
            } else {
                now.stream.close();
            }
            connection = null;
            if (last == 0) {
                // It never saw READY: it identifies anew.
                session = null;
            }
        }
    }
}
