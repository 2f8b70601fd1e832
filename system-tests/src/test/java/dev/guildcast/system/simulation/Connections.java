package dev.guildcast.system.simulation;

import com.google.protobuf.ByteString;
import dev.guildcast.contract.ClientShard;
import dev.guildcast.contract.Intents;
import dev.guildcast.delivery.v1.Close;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.delivery.v1.Presence;
import dev.guildcast.link.v1.Command;
import dev.guildcast.link.v1.MembersCommand;
import dev.guildcast.session.shard.SessionShard;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// The clients, and how they come, go, and say something.
final class Connections {
    private static final long MILLI = 1_000_000;
    private static final int LEFT_LOOKED_AT = 4;
    private static final long[] INTENTS = {
        Intents.KNOWN,
        Intents.KNOWN,
        Intents.KNOWN & ~Intents.GUILD_MEMBERS,
        Intents.KNOWN & ~Intents.GUILDS,
        Intents.GUILDS | Intents.GUILD_MESSAGES | Intents.DIRECT_MESSAGES,
        Intents.GUILDS | Intents.GUILD_MESSAGE_TYPING
    };

    private final WholePath path;
    private final Random random;
    final List<Client> clients = new ArrayList<>();
    final List<Attempt> attempts = new ArrayList<>();
    private final List<Attempt> left = new ArrayList<>();
    private long ids;
    private long nonces;

    Connections(WholePath path, Random random, List<Long> users) {
        this.path = path;
        this.random = random;
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

    // ---- what one client does

    void behave(Client client) {
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
                path.ledger.count("parked");
                attempt.line.park();
            }
            attempt.parked = !attempt.parked;
        } else {
            command(client);
        }
    }

    void connect(Client client) {
        int index = random.nextInt(Gateways.COUNT);
        if (path.gateways.isDeaf(index) && client.attempts++ > 2) {
            index = 1 + random.nextInt(Gateways.COUNT - 1);
        }
        connect(client, index);
    }

    private void connect(Client client, int index) {
        var gateway = path.gateways.at(index);
        int shard = path.limits.topology().sessionShard(client.user).index();
        boolean resume = !client.sessionId.isEmpty();
        var attempt = new Attempt(client, gateway, index, ++ids, resume, path.ledger);
        attempt.rivalled = attemptsOnTheirWay(client);
        client.connection = attempt;
        attempts.add(attempt);
        if (resume) {
            attempt.line = gateway.resume(shard, attempt.attachId, client.user, client.sessionId, client.last, attempt);
        } else {
            attempt.line = gateway.identify(open(client, attempt.attachId), shard, attempt);
        }
        gateway.countFrom(attempt.line, client.last);
    }

    /// Whether the client has lately left a connection whose question may still be on its way, to whichever owner: if
    /// it arrives after that of the next connection, it is the last attach.
    private boolean attemptsOnTheirWay(Client client) {
        int looked = 0;
        for (var earlier : attempts.reversed()) {
            if (earlier.client == client) {
                if (earlier.resume && !earlier.finished) {
                    return true;
                }
                if (++looked == LEFT_LOOKED_AT) {
                    return false;
                }
            }
        }
        return false;
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

    boolean receive(Client client) {
        var attempt = client.connection;
        var item = attempt == null ? null : attempt.socket.poll();
        if (attempt == null || item == null) {
            return false;
        }
        switch (item) {
            case Attempt.Dispatch dispatch -> {
                client.receive(dispatch.sequence(), dispatch.type(), dispatch.data());
                path.ledger.count(dispatch.type());
            }
            case Attempt.Resumed resumed -> path.ledger.onResumed(attempt, resumed.sequence(), client.last);
            case Attempt.Op9 op9 -> {
                client.forget();
                client.connection = null;
            }
            case Attempt.Close close -> {
                path.ledger.count("closed: " + close.why());
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
            path.ledger.count("half open");
            attempt.halfOpen = true;
            attempt.halfOpenUntil = path.nanos() + (1 + random.nextInt(path.limits.hot() ? 15_000 : 5_000)) * MILLI;
            left.add(attempt);
        } else {
            leave(attempt, false);
        }
    }

    /// The client goes, and its gateway notices at once.
    void vanish(Client client) {
        var attempt = client.connection;
        if (attempt != null) {
            client.connection = null;
            leave(attempt, false);
        }
    }

    void appear(Client client, int gateway) {
        if (client.connection == null) {
            connect(client, gateway);
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
            path.ledger.count("hang-ups");
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
        long guild = path.any(path.backend.guilds());
        if (attempt.line.command(Command.newBuilder()
                .setRequestMembers(MembersCommand.newBuilder()
                        .setGuildId(guild)
                        .addUserIds(Long.toString(client.user))
                        .setNonce(Long.toString(nonce))))) {
            attempt.commands.add(nonce);
        }
    }

    // ---- what happens to them

    void gatewayDied(int index) {
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
    }

    /// Gateways notice at last that clients have gone.
    void noticeHalfOpen() {
        for (var attempt : List.copyOf(left)) {
            if (!attempt.alive || attempt.halfOpenUntil <= path.nanos()) {
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

    void noticeAllHalfOpen() {
        left.forEach(attempt -> leave(attempt, false));
        left.clear();
    }

    /// A close was applied: nobody who is connected is expired.
    void closed(Incarnation by, Close close) {
        var session = ((SessionShard) by.machine).closed();
        if (session == null || close.getReason() != Close.Reason.EXPIRED || !by.live()) {
            return;
        }
        path.ledger.count("expired");
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
                    && path.gateways.wire(attempt.gateway, by.node).isIdle()) {
                throw new Violation("a connected session expired: " + attempt + " by " + by);
            }
        }
    }
}
