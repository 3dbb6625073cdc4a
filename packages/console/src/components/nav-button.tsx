import Button, { type ButtonProps } from '@cloudscape-design/components/button';
import { useNavigate } from 'react-router';

/** A button that leads to another page of the console. */
export function NavButton({ href, ...rest }: ButtonProps & { readonly href: string }) {
  const navigate = useNavigate();
  return (
    <Button
      {...rest}
      href={href}
      onFollow={(event) => {
        event.preventDefault();
        void navigate(href);
      }}
    />
  );
}
