package dev.guildcast.backend.rest;

import org.springframework.http.HttpStatus;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An error response of the REST API as clients know it: an HTTP status, a code and a message.
enum ApiError {
    UNAUTHORIZED(HttpStatus.UNAUTHORIZED, 0, "401: Unauthorized"),
    NOT_FOUND(HttpStatus.NOT_FOUND, 0, "404: Not Found"),
    TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, 40_005, "Request entity too large"),
    UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, 0, "503: Service Unavailable"),
    INTERNAL(HttpStatus.INTERNAL_SERVER_ERROR, 0, "500: Internal Server Error"),
    UNKNOWN_CHANNEL(HttpStatus.NOT_FOUND, 10_003, "Unknown Channel"),
    UNKNOWN_GUILD(HttpStatus.NOT_FOUND, 10_004, "Unknown Guild"),
    UNKNOWN_MEMBER(HttpStatus.NOT_FOUND, 10_007, "Unknown Member"),
    UNKNOWN_MESSAGE(HttpStatus.NOT_FOUND, 10_008, "Unknown Message"),
    UNKNOWN_USER(HttpStatus.NOT_FOUND, 10_013, "Unknown User"),
    MISSING_ACCESS(HttpStatus.FORBIDDEN, 50_001, "Missing Access"),
    NOT_THE_AUTHOR(HttpStatus.FORBIDDEN, 50_005, "Cannot edit a message authored by another user"),
    EMPTY_MESSAGE(HttpStatus.BAD_REQUEST, 50_006, "Cannot send an empty message"),
    NOT_A_TEXT_CHANNEL(HttpStatus.BAD_REQUEST, 50_008, "Cannot send messages in a non-text channel"),
    MISSING_PERMISSIONS(HttpStatus.FORBIDDEN, 50_013, "Missing Permissions"),
    INVALID_FORM(HttpStatus.BAD_REQUEST, 50_035, "Invalid Form Body"),
    INVALID_JSON(HttpStatus.BAD_REQUEST, 50_109, "The request body contains invalid JSON.");

    private final HttpStatus status;
    private final int code;
    private final String message;

    ApiError(HttpStatus status, int code, String message) {
        this.status = status;
        this.code = code;
        this.message = message;
    }

    HttpStatus status() {
        return status;
    }

    ObjectNode body() {
        return JsonNodeFactory.instance.objectNode().put("message", message).put("code", code);
    }

    /// An exception that ends the request with this response.
    ApiException toException() {
        return new ApiException(this, body());
    }

    /// An [#INVALID_FORM] error for one field.
    static ApiException invalid(String field, String code, String message) {
        var body = INVALID_FORM.body();
        body.putObject("errors")
                .putObject(field)
                .putArray("_errors")
                .addObject()
                .put("code", code)
                .put("message", message);
        return new ApiException(INVALID_FORM, body);
    }

    /// Carries an error response out of a handler; without a stack trace, since it is not a bug.
    static final class ApiException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient ApiError error;
        private final transient ObjectNode body;

        private ApiException(ApiError error, ObjectNode body) {
            super(error.message, null, false, false);
            this.error = error;
            this.body = body;
        }

        HttpStatus status() {
            return error.status();
        }

        ObjectNode body() {
            return body;
        }
    }
}
