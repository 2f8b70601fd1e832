package dev.guildcast.voiceserver.relay;

import dev.guildcast.voiceserver.crypto.EncryptionMode;
import dev.guildcast.voiceserver.packet.PacketType;
import dev.guildcast.voiceserver.room.RoomOutcome;
import dev.guildcast.voiceserver.room.StreamKind;
import dev.guildcast.voiceserver.room.VoiceFlags;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// Throws datagrams at a relay, genuine, broken, repeated and made up, from everywhere, while users come and go, and
/// holds what comes out against what may:
///
/// - nothing fails;
/// - a stranger gets no more bytes than it sent;
/// - what a participant is sent opens with its key, was said by somebody in its room, and comes once.
///
/// `main EXECUTIONS [SEED]` runs as long as one likes.
final class MediaFuzz {
    private static final int CLIENTS = 6;
    private static final int ROOMS = 2;
    private static final int RECORDED_MAX = 200;
    private static final int PENDING_EXPIRY = 4096;

    private final Random random;
    private final RelayFixture fixture = new RelayFixture();
    private final List<NativeClient> clients = new ArrayList<>();
    private final Map<NativeClient, Long> roomOf = new HashMap<>();
    private final Deque<ByteBuffer> recorded = new ArrayDeque<>();
    /// What was said of late and by whom; each is its own text.
    private final Map<String, NativeClient> said = new HashMap<>();
    private final Set<String> delivered = new HashSet<>();
    private long executions;
    private long delivery;

    MediaFuzz(long seed) {
        random = new Random(seed);
        fixture.rooms.open(RelayFixture.ROOM + 1, RelayFixture.EPOCH);
        for (int i = 1; i <= CLIENTS; i++) {
            var mode = EncryptionMode.values()[i % EncryptionMode.values().length];
            clients.add(new NativeClient(i, mode)
                    .with(StreamKind.VIDEO, i * 100 + 1)
                    .with(StreamKind.SCREEN_SOUND, i * 100 + 2));
        }
    }

    public static void main(String... args) {
        long executions = Long.parseLong(args[0]);
        long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
        System.out.println("seed " + seed);
        long from = System.nanoTime();
        var fuzz = new MediaFuzz(seed);
        fuzz.run(executions);
        System.out.printf(
                "%d executions, %d packets delivered, %d s%n",
                fuzz.executions,
                fuzz.delivery,
                Duration.ofNanos(System.nanoTime() - from).toSeconds());
        for (PacketType type : PacketType.values()) {
            System.out.println(
                    type + " " + fuzz.fixture.relay.counts().received().of(type));
        }
        for (Dropped reason : Dropped.values()) {
            System.out.println(reason + " " + fuzz.fixture.dropped(reason));
        }
    }

    void run(long count) {
        for (long i = 0; i < count; i++) {
            step();
        }
    }

    long delivered() {
        return delivery;
    }

    RelayFixture fixture() {
        return fixture;
    }

    private void step() {
        fixture.pass(Duration.ofNanos(random.nextInt(1_000_000)));
        executions++;
        if (random.nextInt(500) == 0) {
            comeOrGo();
        }
        if (random.nextInt(2000) == 0) {
            fixture.rooms.dropIdle(fixture.nowNanos);
        }
        NativeClient client = clients.get(random.nextInt(CLIENTS));
        var source = random.nextInt(4) == 0 ? stranger() : RelayFixture.address(client);
        ByteBuffer datagram = broken(datagram(client));
        fixture.sent.clear();
        int bytes = datagram.remaining();
        fixture.receive(datagram, source);
        check(source, bytes);
        if (said.size() > PENDING_EXPIRY) {
            // What is older is older than any window: it can come no more.
            said.clear();
            recorded.clear();
            delivered.clear();
        }
    }

    private void comeOrGo() {
        NativeClient client = clients.get(random.nextInt(CLIENTS));
        long room = RelayFixture.ROOM + random.nextInt(ROOMS);
        Long before = roomOf.remove(client);
        if (before != null) {
            fixture.rooms.leave(before, RelayFixture.EPOCH, client.user());
        }
        if (random.nextInt(5) > 0) {
            var flags = new VoiceFlags(random.nextInt(6) == 0, random.nextInt(6) == 0, random.nextInt(6) == 0);
            if (fixture.rooms.join(room, RelayFixture.EPOCH, client.joining(flags)) != RoomOutcome.DONE) {
                throw new AssertionError("a client could not join");
            }
            roomOf.put(client, room);
            fixture.receive(client.discovery(), RelayFixture.address(client));
            // With its key the client has a new session: what was recorded of the old one would be new to it.
            recorded.clear();
        }
    }

    private ByteBuffer datagram(NativeClient client) {
        return switch (random.nextInt(12)) {
            case 0 -> client.discovery();
            case 1 -> ByteBuffer.allocate(8).putLong(0, random.nextLong());
            case 2 -> client.rtcp(rtcp(client));
            case 3 -> noise();
            case 4 -> recorded.isEmpty() ? noise() : recorded.peekFirst().duplicate();
            case 5 ->
                ByteBuffer.allocate(20 + random.nextInt(60))
                        .putInt(0, 0x00010000)
                        .putInt(4, 0x2112a442);
            case 6 -> ByteBuffer.allocate(13 + random.nextInt(60)).put(0, (byte) (20 + random.nextInt(44)));
            case 7 -> ByteBuffer.allocate(9).put(0, (byte) 0xc9);
            default -> sound(client);
        };
    }

    private ByteBuffer sound(NativeClient client) {
        String text = "u" + client.user() + "-" + executions;
        said.put(text, client);
        var packet = client.sound(text);
        if (random.nextInt(8) == 0) {
            recorded.addFirst(packet.duplicate());
            if (recorded.size() > RECORDED_MAX) {
                recorded.removeLast();
            }
        }
        return packet;
    }

    private String rtcp(NativeClient client) {
        var packets = new StringBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            int about = (1 + random.nextInt(CLIENTS)) * 100 + random.nextInt(3);
            packets.append("%02x%02x%04x%08x%08x"
                    .formatted(
                            0x80 + random.nextInt(32),
                            200 + random.nextInt(8),
                            random.nextInt(4) == 0 ? random.nextInt(0x10000) : 2,
                            client.ssrc(),
                            about));
        }
        return packets.toString();
    }

    private ByteBuffer noise() {
        var bytes = new byte[random.nextInt(random.nextInt(10) == 0 ? 2100 : 120)];
        random.nextBytes(bytes);
        if (bytes.length > 12 && random.nextBoolean()) {
            // An SSRC that is known gets further.
            bytes[0] = (byte) (0x80 + random.nextInt(64));
            ByteBuffer.wrap(bytes).putInt(random.nextBoolean() ? 8 : 4, (1 + random.nextInt(CLIENTS)) * 100);
        }
        return ByteBuffer.wrap(bytes);
    }

    private ByteBuffer broken(ByteBuffer datagram) {
        int bytes = datagram.remaining();
        if (bytes == 0 || random.nextInt(3) > 0) {
            return datagram;
        }
        var copy = new byte[bytes];
        datagram.get(copy);
        switch (random.nextInt(4)) {
            case 0 -> copy[random.nextInt(bytes)] ^= (byte) (1 << random.nextInt(8));
            case 1 -> copy = java.util.Arrays.copyOf(copy, random.nextInt(bytes + 1));
            case 2 -> copy = java.util.Arrays.copyOf(copy, bytes + 1 + random.nextInt(40));
            default -> copy[random.nextInt(Math.min(bytes, 16))] = (byte) random.nextInt();
        }
        return ByteBuffer.wrap(copy);
    }

    private InetSocketAddress stranger() {
        return new InetSocketAddress("127.9.9.9", 9000 + random.nextInt(3));
    }

    private void check(InetSocketAddress source, int bytesIn) {
        int back = 0;
        for (var datagram : fixture.sent) {
            int type = datagram.bytes().remaining() > 1
                    ? Byte.toUnsignedInt(datagram.bytes().get(0))
                    : 0;
            if (datagram.bytes().remaining() <= 8 || type < 0x80) {
                back += datagram.bytes().remaining();
                require(datagram.target().equals(source), "an answer went elsewhere");
            } else {
                checkMedia(datagram);
            }
        }
        require(back <= bytesIn, "more came back than went in");
    }

    private void checkMedia(RelayFixture.Datagram datagram) {
        int second = Byte.toUnsignedInt(datagram.bytes().get(1));
        var receiver = clients.stream()
                .filter(client -> roomOf.containsKey(client)
                        && client.open(datagram.bytes().duplicate()).isPresent())
                .findFirst()
                .orElseThrow(() -> new AssertionError("media that opens for nobody, execution " + executions));
        if (second < 200 || second > 207) {
            String text = new String(
                    receiver.open(datagram.bytes()).orElseThrow(),
                    12,
                    datagram.bytes().remaining() - 32,
                    StandardCharsets.UTF_8);
            NativeClient speaker = said.get(text);
            require(speaker != null, "nobody said this");
            require(speaker != receiver, "an echo");
            require(roomOf.get(receiver).equals(roomOf.get(speaker)), "heard in another room");
            require(delivered.add(receiver.user() + " " + text), "delivered twice");
            delivery++;
        }
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise + ", execution " + executions);
        }
    }
}
