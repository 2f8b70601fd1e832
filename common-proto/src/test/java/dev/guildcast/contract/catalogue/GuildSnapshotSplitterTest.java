package dev.guildcast.contract.catalogue;

import static dev.guildcast.contract.catalogue.ParsedEvents.invalid;
import static dev.guildcast.contract.catalogue.ParsedEvents.parse;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.event.v1.DocumentPart;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.event.v1.Mutation.ChangeCase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GuildSnapshotSplitterTest {
    private static String guild(String fields) {
        return "{\"id\":\"7\",\"name\":\"g\",\"owner_id\":\"41\",\"joined_at\":\"x\",\"large\":false,\"presences\":[{}],"
                + "\"roles\":[{\"id\":\"7\",\"permissions\":\"1024\"},{\"id\":\"8\",\"permissions\":\"0\"}]" + fields
                + "}";
    }

    private static String members(int count, int padding) {
        return ",\"members\":["
                + IntStream.rangeClosed(1, count)
                        .mapToObj(n -> "{\"user\":{\"id\":\"%d\",\"username\":\"%s\"},\"roles\":[]}"
                                .formatted(n, "x".repeat(padding)))
                        .collect(Collectors.joining(","))
                + "]";
    }

    private static ParsedEvent.Document document(String frame) {
        var read = parse(frame);
        assertThat(read).isInstanceOf(ParsedEvent.Document.class);
        return (ParsedEvent.Document) read;
    }

    private static ParsedEvent.Document documentOf(String guild) {
        return document("{\"t\":\"GUILD_CREATE\",\"d\":" + guild + "}");
    }

    private static List<DocumentPart> parts(ParsedEvent.Document document) {
        var parts = new ArrayList<DocumentPart>();
        document.parts().forEach(record -> parts.add(record.getDocumentPart()));
        return parts;
    }

    private static List<ChangeCase> changes(DocumentPart part) {
        return part.getMutationsList().stream().map(Mutation::getChangeCase).toList();
    }

    @Test
    void aSmallGuildIsSplitByStage() {
        var document =
                documentOf(guild(",\"channels\":[{\"id\":\"20\",\"type\":0}],\"threads\":[{\"id\":\"21\",\"type\":11,"
                        + "\"parent_id\":\"20\"}],\"emojis\":[],\"stage_instances\":[{\"id\":\"30\"}],\"voice_states\":[{\"user_id\":\"1\","
                        + "\"channel_id\":\"20\"}]" + members(2, 1)));
        assertThat(document.guildId()).isEqualTo(7);
        var parts = parts(document);
        assertThat(changes(parts.get(0)))
                .containsExactly(
                        ChangeCase.GUILD,
                        ChangeCase.ROLE,
                        ChangeCase.ROLE,
                        ChangeCase.CHANNEL,
                        ChangeCase.CHANNEL,
                        ChangeCase.LIST,
                        ChangeCase.LIST);
        assertThat(changes(parts.get(1))).containsExactly(ChangeCase.MEMBER, ChangeCase.MEMBER);
        assertThat(changes(parts.get(2))).containsExactly(ChangeCase.VOICE_STATE, ChangeCase.OUTAGE);
        assertThat(parts).hasSize(3);
        var guild = parts.get(0).getMutations(0).getGuild();
        assertThat(guild.getPartial()).isFalse();
        assertThat(guild.getFieldsList().stream().map(field -> field.getName()))
                .containsExactly("id", "name", "owner_id");
        assertThat(parts.get(0).getMutations(4).getChannel().getThread()).isTrue();
        assertThat(parts.get(2).getMutations(1).getOutage().getUnavailable()).isFalse();
    }

    @Test
    void aGuildMayComeInOutageWithAllThatIsKnownOfIt() {
        var parts = parts(documentOf(guild(",\"unavailable\":true" + members(1, 1))));
        assertThat(parts.getLast().getMutationsList().getLast().getOutage().getUnavailable())
                .isTrue();
    }

    @Test
    void membersComeAThousandAtATime() {
        var parts = parts(documentOf(guild(members(2300, 1))));
        assertThat(parts.stream().map(DocumentPart::getMutationsCount)).containsExactly(3, 1000, 1000, 300, 1);
        var users = parts.subList(1, 4).stream()
                .flatMap(part -> part.getMutationsList().stream())
                .map(mutation -> mutation.getMember().getUserId());
        assertThat(users)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 2300).mapToObj(Long::valueOf).toList());
    }

    @Test
    void noPartIsLargerThanARecordMayBe() {
        var document = documentOf(guild(members(3000, 700)));
        var sizes = new ArrayList<Integer>();
        int members = 0;
        for (GuildRecord record : document.parts()) {
            sizes.add(record.getSerializedSize());
            members += (int) record.getDocumentPart().getMutationsList().stream()
                    .filter(Mutation::hasMember)
                    .count();
        }
        assertThat(sizes).allSatisfy(size -> assertThat(size).isLessThanOrEqualTo(EventCatalogue.EVENT_BYTES_MAX));
        assertThat(members).isEqualTo(3000);
        assertThat(sizes).hasSizeGreaterThan(5);
    }

    @Test
    void partsAndEndShareTheirVersionAndAreNumbered() {
        var document = document(
                "{\"t\":\"GUILD_CREATE\",\"publisher\":\"shop\",\"sequence\":5,\"d\":" + guild(members(1500, 1)) + "}");
        var parts = parts(document);
        var end = document.end().getDocumentEnd();
        assertThat(parts.stream().map(part -> part.getPublication().getPart())).containsExactly(0, 1, 2, 3);
        assertThat(end.getPublication().getPart()).isEqualTo(4);
        assertThat(end.getPublication().getSequence()).isEqualTo(5);
        assertThat(parts).allSatisfy(part -> assertThat(part.getVersion()).isEqualTo(end.getVersion()));
        assertThat(parts(document)).isEqualTo(parts);
    }

    @Test
    void aDocumentWithoutAPublicationHasAVersionOfItsOwn() {
        var first = documentOf(guild("")).end().getDocumentEnd();
        var second = documentOf(guild("")).end().getDocumentEnd();
        assertThat(first.hasPublication()).isFalse();
        assertThat(first.getVersion()).isNotEmpty().isNotEqualTo(second.getVersion());
    }

    @Test
    void oneWrongEntityRefusesTheWholeDocument() {
        assertThat(parse(
                        "GUILD_CREATE",
                        guild(",\"members\":[{\"user\":{\"id\":\"1\"},\"roles\":[]},{\"user\":{},\"roles\":[]}]")))
                .isEqualTo(invalid("d.members[1].user.id", "is missing"));
        assertThat(parse("GUILD_CREATE", guild(",\"channels\":[{\"id\":\"x\"}]")))
                .isInstanceOfSatisfying(
                        ParsedEvent.Invalid.class,
                        refused -> assertThat(refused.field()).isEqualTo("d.channels[0].id"));
    }

    @Test
    void aGuildWithoutOwnerOrTheRoleOfEveryoneIsRefused() {
        assertThat(parse("GUILD_CREATE", "{\"id\":\"7\",\"roles\":[{\"id\":\"7\",\"permissions\":\"0\"}]}"))
                .isEqualTo(invalid("d.owner_id", "is missing"));
        assertThat(parse("GUILD_CREATE", "{\"id\":\"7\",\"owner_id\":\"1\",\"roles\":[]}"))
                .isEqualTo(invalid("d.roles", "must hold the role of everyone, whose id is the guild's"));
        assertThat(parse("GUILD_CREATE", "{\"id\":\"7\"}")).isEqualTo(invalid("d.roles", "is missing"));
    }

    @Test
    void anEntityLargerThanARecordIsRefused() {
        assertThat(parse("GUILD_CREATE", guild(members(1, EventCatalogue.EVENT_BYTES_MAX))))
                .isEqualTo(invalid("d.members[0]", "is larger than a record may be (524288 bytes)"));
    }

    @Test
    void onlyADocumentMayBeLarge() {
        var large = documentOf(guild(members(20_000, 40)));
        assertThat(parts(large)).hasSizeGreaterThan(20);
        var tooLarge = new byte[EventCatalogue.DOCUMENT_BYTES_MAX + 1];
        assertThat(EventCatalogue.parse(tooLarge)).isEqualTo(invalid("", "67108865 bytes (at most 67108864)"));
        var update =
                ("{\"t\":\"GUILD_UPDATE\",\"d\":" + guild(members(20_000, 40)) + "}").getBytes(StandardCharsets.UTF_8);
        assertThat(EventCatalogue.parse(update)).isInstanceOf(ParsedEvent.Invalid.class);
    }

    @Test
    void aDocumentIsForAllItsMembers() {
        assertThat(parse("{\"t\":\"GUILD_CREATE\",\"users\":[\"1\"],\"d\":" + guild("") + "}"))
                .isEqualTo(invalid("users", "must be absent: a whole guild is for all its members"));
    }
}
