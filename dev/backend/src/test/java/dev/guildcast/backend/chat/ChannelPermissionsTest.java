package dev.guildcast.backend.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ChannelPermissionsTest {
    private static final JsonNode GUILD = json("""
            {"id":"1","owner_id":"99","roles":[{"id":"1","permissions":"3072"},{"id":"2","permissions":"0"},
             {"id":"3","permissions":"8"},{"id":"4","permissions":"8192"}]}""");
    private static final JsonNode OPEN = json("{\"id\":\"10\",\"permission_overwrites\":[]}");
    private static final JsonNode HIDDEN = json("""
            {"id":"11","permission_overwrites":[{"id":"1","type":0,"allow":"0","deny":"1024"},
             {"id":"2","type":0,"allow":"1024","deny":"0"},{"id":"7","type":1,"allow":"1024","deny":"2048"}]}""");

    @Test
    void addsUpTheRoles() {
        assertThat(ChannelPermissions.compute(GUILD, member("5"), OPEN))
                .isEqualTo(ChannelPermissions.VIEW | ChannelPermissions.SEND);
        assertThat(ChannelPermissions.compute(GUILD, member("5", "4"), OPEN))
                .isEqualTo(ChannelPermissions.VIEW | ChannelPermissions.SEND | ChannelPermissions.MANAGE_MESSAGES);
    }

    @Test
    void overwritesForEveryoneThenForRolesThenForTheMember() {
        assertThat(ChannelPermissions.compute(GUILD, member("5"), HIDDEN)).isEqualTo(ChannelPermissions.SEND);
        assertThat(ChannelPermissions.compute(GUILD, member("5", "2"), HIDDEN))
                .isEqualTo(ChannelPermissions.VIEW | ChannelPermissions.SEND);
        assertThat(ChannelPermissions.compute(GUILD, member("7"), HIDDEN)).isEqualTo(ChannelPermissions.VIEW);
    }

    @Test
    void grantsTheOwnerAndAdministratorsEverything() {
        assertThat(ChannelPermissions.compute(GUILD, member("99"), HIDDEN)).isEqualTo(-1);
        assertThat(ChannelPermissions.compute(GUILD, member("5", "3"), HIDDEN)).isEqualTo(-1);
    }

    private static JsonNode member(String user, String... roles) {
        var member = new JsonMapper().createObjectNode();
        member.putObject("user").put("id", user);
        var list = member.putArray("roles");
        for (var role : roles) {
            list.add(role);
        }
        return member;
    }

    private static JsonNode json(String text) {
        return new JsonMapper().readTree(text);
    }
}
