/*
 * ONNX Runtime's Linux library reports its use to its maker unless this is set before it is loaded. Nothing leaves this
 * server, so whatever starts it imports this file before anything else.
 */
process.env.ORT_DISABLE_TELEMETRY = '1'
