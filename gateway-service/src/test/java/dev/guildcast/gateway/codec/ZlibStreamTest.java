package dev.guildcast.gateway.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.guildcast.gateway.protocol.Opcode;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// Streams of connections that share blocks, read by inflaters that know nothing of it.
class ZlibStreamTest {
    private static final byte[] FLUSHED = {0, 0, (byte) 0xff, (byte) 0xff};
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String[] WORDS =
            ("the raid starts at eight bring potions and do not forget your keys who is on call tonight lol that was close "
                            + "can someone review my change it is only two lines I promise grüße \\u2764 ok thanks see you")
                    .split(" ");

    private final PayloadCodec codec = new JsonPayloadCodec();

    /// One client: its stream, and what it has been sent.
    private static final class Client {
        final ZlibStreamCompressor compressor;
        final Inflater inflater = new Inflater();
        final List<byte[]> messages = new ArrayList<>();
        final List<byte[]> texts = new ArrayList<>();
        int sequence;
        long plainBytes;
        long compressedBytes;

        Client(SharedDeflater shared, int sequence) {
            this.compressor = new ZlibStreamCompressor(shared);
            this.sequence = sequence;
        }

        /// Compresses a frame, and inflates it as a client does.
        void send(Frame plain, boolean keep) throws DataFormatException {
            var message = compressor.compress(plain);
            assertThat(message.binary()).isTrue();
            var bytes = message.bytes();
            assertThat(bytes).hasSize(message.length()).endsWith(FLUSHED);
            var text = inflate(bytes);
            assertThat(withoutPadding(text)).isEqualTo(new String(plain.bytes(), StandardCharsets.UTF_8));
            plainBytes += plain.length();
            compressedBytes += bytes.length;
            if (keep) {
                messages.add(bytes);
                texts.add(text);
            }
        }

        private byte[] inflate(byte[] bytes) throws DataFormatException {
            inflater.setInput(bytes);
            var out = new ByteArrayOutputStream();
            var chunk = new byte[16_384];
            for (int count = inflater.inflate(chunk); count > 0; count = inflater.inflate(chunk)) {
                out.write(chunk, 0, count);
            }
            assertThat(inflater.getRemaining()).isZero();
            return out.toByteArray();
        }

        private static String withoutPadding(byte[] text) {
            return new String(text, StandardCharsets.UTF_8).replaceFirst("^(\\{\"t\":\"[^\"]*\",\"s\":) *", "$1");
        }
    }

    /// The body of a message as chat backends write it.
    static byte[] chat(Random random) {
        var content = new StringBuilder();
        int words = 3 + random.nextInt(12);
        for (int i = 0; i < words; i++) {
            content.append(i == 0 ? "" : " ").append(WORDS[random.nextInt(WORDS.length)]);
        }
        long author = 200_000_000_000_000_000L + random.nextInt(40);
        return ("{\"id\":\"" + (1_200_000_000_000_000_000L + Math.abs(random.nextLong() % 100_000_000_000_000L))
                        + "\",\"channel_id\":\"41771983423143937\",\"guild_id\":\"41771983423143930\",\"type\":0,\"content\":\""
                        + content + "\",\"author\":{\"id\":\"" + author + "\",\"username\":\"user" + author % 1000
                        + "\",\"avatar\":null,\"discriminator\":\"0\",\"global_name\":null},\"timestamp\":\"2026-11-30T12:"
                        + (10 + random.nextInt(50)) + ":" + (10 + random.nextInt(50))
                        + ".123000+00:00\",\"edited_timestamp\":null,\"tts\":false,\"mention_everyone\":false,\"mentions\":[],"
                        + "\"mention_roles\":[],\"attachments\":[],\"embeds\":[],\"pinned\":false,\"flags\":0}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private byte[] randomBody(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> "{}".getBytes(StandardCharsets.US_ASCII);
            case 1 ->
                ("\"" + "y".repeat(random.nextInt(random.nextInt(10) == 0 ? 200_000 : 2_000)) + "\"")
                        .getBytes(StandardCharsets.US_ASCII);
            case 2 ->
                ("\"" + HexFormat.of().formatHex(bytes(random, random.nextInt(random.nextInt(10) == 0 ? 60_000 : 600)))
                                + "\"")
                        .getBytes(StandardCharsets.US_ASCII);
            // What no JSON has; a blanked sequence must not be taken for it.
            case 3 -> "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".getBytes(StandardCharsets.US_ASCII);
            default -> chat(random);
        };
    }

    private static byte[] bytes(Random random, int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static final String[] TYPES = {"MESSAGE_CREATE", "MESSAGE_CREATE", "MESSAGE_UPDATE", "TYPING_START"};

    /// Dispatches to random recipients, with private frames in between, at sequences of different lengths.
    private List<Client> randomTraffic(Random random, int events, boolean keep) throws DataFormatException {
        var shared = new SharedDeflater();
        var clients = new ArrayList<Client>();
        for (int i = 0; i < 12; i++) {
            clients.add(new Client(
                    shared, i == 0 ? Integer.MAX_VALUE - 10_000 : Math.max(1, (int) Math.pow(10, i % 7) - 3)));
        }
        for (int event = 0; event < events; event++) {
            var type = TYPES[random.nextInt(TYPES.length)];
            var body = randomBody(random);
            int share = random.nextInt(4);
            for (var each : clients) {
                if (random.nextInt(20) == 0) {
                    each.send(codec.encode(Opcode.HEARTBEAT_ACK, "null", -1), keep);
                }
                if (share == 0 ? random.nextInt(6) == 0 : random.nextInt(30) != 0) {
                    each.send(codec.dispatch(type, each.sequence++, body), keep);
                }
            }
            if (random.nextInt(40) == 0) {
                // A client that resumes on another connection.
                int at = random.nextInt(clients.size());
                var old = clients.get(at);
                if (!keep) {
                    old.inflater.end();
                    clients.set(at, new Client(shared, old.sequence));
                }
            }
        }
        return clients;
    }

    @Test
    void everyStreamIsReadAsItWasSent() throws DataFormatException {
        long seed = new Random().nextLong();
        try {
            randomTraffic(new Random(seed), 2_000, false);
        } catch (DataFormatException | AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0.25", "1, 0.30", "5, 0.45"})
    void sharedBlocksCompressChatWell(int percentPrivate, double ratioMax) throws DataFormatException {
        var random = new Random(7);
        var shared = new SharedDeflater();
        var clients = new ArrayList<Client>();
        for (int i = 0; i < 500; i++) {
            clients.add(new Client(shared, 1_000 + i));
        }
        for (int event = 0; event < 150; event++) {
            var body = chat(random);
            for (var each : clients) {
                if (random.nextInt(100) < percentPrivate) {
                    each.compressor.compress(codec.encode(Opcode.HEARTBEAT_ACK, "null", -1));
                    each.inflater.end();
                }
                var plain = codec.dispatch("MESSAGE_CREATE", each.sequence++, body);
                var message = each.compressor.compress(plain);
                if (event >= 50) {
                    each.plainBytes += plain.length();
                    each.compressedBytes += message.length();
                }
            }
        }
        double ratio = clients.stream().mapToLong(it -> it.compressedBytes).sum()
                / (double) clients.stream().mapToLong(it -> it.plainBytes).sum();
        assertThat(ratio).isLessThan(ratioMax);
    }

    /// A connection whose stream has parted from the others takes their blocks again once both have the same past.
    @Test
    void pastsBecomeEqualAgain() throws DataFormatException {
        var random = new Random(3);
        var shared = new SharedDeflater();
        var first = new Client(shared, 1);
        var second = new Client(shared, 1);
        second.send(codec.encode(Opcode.HEARTBEAT_ACK, "null", -1), false);
        int differing = 0;
        for (int event = 0; event < 60; event++) {
            var body = chat(random);
            var plain = codec.dispatch("MESSAGE_CREATE", event + 1, body);
            var a = first.compressor.compress(plain);
            // Enough other recipients that a block of its own is worth its cost.
            Frame b = plain;
            for (int i = 0; i < 40; i++) {
                new ZlibStreamCompressor(shared).compress(plain);
            }
            b = second.compressor.compress(plain);
            differing += a.body() == b.body() ? 0 : 1;
            if (event > 40) {
                assertThat(b.body()).isSameAs(a.body());
            }
        }
        assertThat(differing).isBetween(0, 40);
    }

    /// Zlib of other runtimes: those of discord.py and discord.js read the streams message by message.
    @ParameterizedTest
    @ValueSource(strings = {"node", "python3"})
    void otherInflatersReadTheStreams(String runtime, @TempDir Path directory)
            throws DataFormatException, IOException, InterruptedException, NoSuchAlgorithmException {
        assumeTrue(isInstalled(runtime), runtime + " is not installed");
        long seed = new Random().nextLong();
        var clients = randomTraffic(new Random(seed), 150, true);
        int number = 0;
        var arguments =
                new ArrayList<>(List.of(runtime, script(runtime, directory).toString()));
        var expected = new StringBuilder();
        for (var each : clients) {
            var file = directory.resolve("stream" + number++);
            try (var out = new DataOutputStream(Files.newOutputStream(file))) {
                for (var message : each.messages) {
                    out.writeInt(message.length);
                    out.write(message);
                }
            }
            arguments.add(file.toString());
            var digest = MessageDigest.getInstance("SHA-256");
            for (var text : each.texts) {
                digest.update(Integer.toString(text.length).getBytes(StandardCharsets.US_ASCII));
                digest.update(text);
            }
            expected.append(each.texts.size())
                    .append(' ')
                    .append(HexFormat.of().formatHex(digest.digest()))
                    .append('\n');
        }
        var process = new ProcessBuilder(arguments).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output).as("seed %d", seed).isEqualTo(expected.toString());
    }

    private static boolean isInstalled(String runtime) throws InterruptedException {
        try {
            return new ProcessBuilder(runtime, "--version")
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /// Prints the number of messages and a digest of their texts for each file.
    private static Path script(String runtime, Path directory) throws IOException {
        var file = directory.resolve("inflate");
        Files.writeString(file, runtime.equals("node") ? """
                const fs = require('fs'), zlib = require('zlib'), crypto = require('crypto');
                (async () => {
                    for (const name of process.argv.slice(2)) {
                        const file = fs.readFileSync(name), hash = crypto.createHash('sha256');
                        const inflate = zlib.createInflate({flush: zlib.constants.Z_SYNC_FLUSH});
                        let count = 0;
                        for (let at = 0; at < file.length; count++) {
                            const length = file.readUInt32BE(at);
                            const chunks = [];
                            const collect = chunk => chunks.push(chunk);
                            inflate.on('data', collect);
                            await new Promise((resolve, reject) => {
                                inflate.once('error', reject);
                                inflate.write(file.subarray(at + 4, at + 4 + length), resolve);
                            });
                            inflate.off('data', collect);
                            inflate.removeAllListeners('error');
                            const text = Buffer.concat(chunks);
                            hash.update(String(text.length)).update(text);
                            at += 4 + length;
                        }
                        console.log(count + ' ' + hash.digest('hex'));
                    }
                })();
                """ : """
                import hashlib, struct, sys, zlib
                for name in sys.argv[1:]:
                    file = open(name, 'rb').read()
                    digest, inflate, count, at = hashlib.sha256(), zlib.decompressobj(), 0, 0
                    while at < len(file):
                        length, = struct.unpack_from('>I', file, at)
                        message = file[at + 4:at + 4 + length]
                        assert message.endswith(b'\\x00\\x00\\xff\\xff')
                        text = inflate.decompress(message)
                        digest.update(str(len(text)).encode())
                        digest.update(text)
                        count, at = count + 1, at + 4 + length
                    print(count, digest.hexdigest())
                """);
        return file;
    }

    @Test
    void thePaddingOfTheSequenceIsJson() throws DataFormatException {
        var client = new Client(new SharedDeflater(), 1);
        for (int sequence : new int[] {0, 1, 9, 10, 99_999, Integer.MAX_VALUE}) {
            var message = client.compressor.compress(
                    codec.dispatch("T", sequence, "{\"a\":1}".getBytes(StandardCharsets.US_ASCII)));
            var json = MAPPER.readTree(client.inflate(message.bytes()));
            assertThat(json.path("s").asInt()).isEqualTo(sequence);
            assertThat(json.path("d").path("a").asInt()).isEqualTo(1);
        }
    }

    /// An idle connection ends with its last GUILD_CREATE, whose block may take a megabyte.
    @Test
    void neitherAStreamNorItsDeflaterKeepsTheBytesOfBlocks() {
        var shared = new SharedDeflater();
        var idle = new ZlibStreamCompressor(shared);
        var block = new WeakReference<>(compressedBody(idle, 0));
        // No longer among the dispatches that are being delivered.
        for (int i = 1; i <= 4; i++) {
            compressedBody(new ZlibStreamCompressor(shared), i);
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            System.gc();
            return block.get() == null;
        });
        assertThat(compressedBody(idle, 5)).isNotEmpty();
    }

    private byte[] compressedBody(ZlibStreamCompressor compressor, int seed) {
        return compressor
                .compress(codec.dispatch("GUILD_CREATE", 1, chat(new Random(seed))))
                .body();
    }

    @Test
    void pastsAreForgottenAtTheirBoundAndStreamsGoOn() throws DataFormatException {
        var random = new Random(5);
        var shared = new SharedDeflater();
        var idle = new Client(shared, 1);
        var body = chat(random);
        idle.send(codec.dispatch("MESSAGE_CREATE", 1, body), false);
        var large = ("\"" + HexFormat.of().formatHex(bytes(random, 8_192)) + "\"").getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < SharedDeflater.HISTORIES_BYTES_MAX / SharedDeflater.HISTORY_BYTES_MAX + 1; i++) {
            new ZlibStreamCompressor(shared).compress(codec.dispatch("OTHER", 1, large.clone()));
        }
        assertThat(shared.historiesBytes()).isLessThanOrEqualTo(SharedDeflater.HISTORIES_BYTES_MAX);
        // The same text again: with its past it would take a few bytes.
        var plain = codec.dispatch("MESSAGE_CREATE", 2, body.clone());
        var message = idle.compressor.compress(plain);
        assertThat(message.length()).isGreaterThan(200);
        assertThat(idle.inflate(message.bytes())).endsWith(plain.bytes()[plain.length() - 1]);
        assertThat(Arrays.copyOf(message.bytes(), 1)).containsExactly(0);
    }
}
