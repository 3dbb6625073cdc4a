export { default } from '@cloudscape-design/components/i18n/messages/all.ja';
